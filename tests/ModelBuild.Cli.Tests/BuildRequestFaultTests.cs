using System.Text.Json.Nodes;
using ModelBuild.Cli.Tests.Support;

namespace ModelBuild.Cli.Tests;

/// <summary>Requests that cannot be read or carried out.</summary>
public sealed class BuildRequestFaultTests : BuildTests
{
    [Fact]
    public void A_request_without_one_of_its_fields_is_an_error()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        var text = File.ReadAllText(Request("Whole"));
        var fields = JsonNode.Parse(text)!.AsObject().Select(field => field.Key).Where(name => name != "schema").ToList();
        var requests = fields.Select(field =>
        {
            var request = JsonNode.Parse(text)!.AsObject();
            request.Remove(field);
            return Folder.Write($"{field}.request.json", request.ToJsonString());
        });

        var result = Program().Run(["build-inspect", .. requests]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            fields.Select(field =>
                $"{Folder.File($"{field}.request.json")} : error MB1013: The build's request cannot be read: " + $"the field '{field}' is missing."
            ),
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..(line.IndexOf(" missing.", StringComparison.Ordinal) + 9)])
        );
    }

    [Fact]
    public void A_request_that_fails_does_not_stop_the_others()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        Folder.Write("Models/bad.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        string[] requests =
        [
            Request("Gone", ("model", Folder.File("Models/gone.onnx"))),
            Request("Bad", ("model", Folder.File("Models/bad.onnx"))),
            Folder.Write("rubbish.request.json", "{"),
            Request("Strict", ("compression", "int8-weights"), ("minSqnr", "90")),
            Request("Typo", ("compression", "int9")),
            Request("Labels", ("labels", Folder.File("no labels.txt"))),
            Request("Large", ("maxSize", "1KB")),
            Request("Size", ("maxSize", "small")),
            Request("Good"),
        ];

        var result = Program().Run(["build-compress", .. requests]);

        Assert.Equal(1, result.ExitCode);
        // The error names the project file, because the wrong setting is in the project.
        var (model, project) = (Folder.File("Models/digits.onnx"), Folder.File("App.csproj"));
        string[] expected =
        [
            $"{Folder.File("Models/gone.onnx")} : error MB1001: ",
            $"{Folder.File("Models/bad.onnx")} : error MB1002: ",
            $"{Folder.File("rubbish.request.json")} : error MB1013: ",
            $"{model} : error MB1009: ",
            $"{project} : error MB1005: There is no step 'int9'",
            $"{Folder.File("no labels.txt")} : error MB1020: ",
            $"{model} : error MB1018: ",
            $"{project} : error MB1005: MaxSize='small'",
            "Good: ",
        ];
        Assert.All(expected.Zip(result.Output.Split('\n')), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.True(File.Exists(Obj("Good.onnx")));
        Assert.Equal(["Good.onnx"], Directory.EnumerateFiles(Folder.File("obj"), "*.onnx*").Select(Path.GetFileName));
        Assert.Equal(1, Program().Run(["build-inspect", .. requests]).ExitCode);
        Assert.True(File.Exists(Obj("Good.signature.json")));
    }

    [Fact]
    public void A_missing_ONNX_Runtime_is_one_error()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        var broken = Folder.Write(
            "ort/Microsoft.ML.OnnxRuntime.dll",
            File.ReadAllBytes(Path.Combine(ModelBuildProgram.OnnxRuntimeFolder, "Microsoft.ML.OnnxRuntime.dll"))
        );

        var none = Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", Folder.Path).Run("build-compress", Request("DigitsModel"));
        var half = Program().Run("build-compress", Request("DigitsModel", ("onnxRuntimeManaged", broken), ("onnxRuntimeNative", Folder.File("ort"))));

        Assert.StartsWith(
            $"{Folder.File("Models/digits.onnx")} : error MB1016: ONNX Runtime was not found",
            Assert.Single(Lines(none.Output)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"{Folder.File("Models/digits.onnx")} : error MB1016: ONNX Runtime cannot be loaded",
            Assert.Single(Lines(half.Output)),
            StringComparison.Ordinal
        );
        Assert.Equal((1, 1), (none.ExitCode, half.ExitCode));
    }
}
