using System.Text.Json;
using System.Text.Json.Nodes;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>The two hidden commands that the build starts.</summary>
public sealed class BuildProtocolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Inspect_writes_the_signature_and_what_it_read_without_ONNX_Runtime()
    {
        Product().Build().Save(_folder.File("Models/digits.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });
        var labels = _folder.Write("labels.txt", string.Concat(Enumerable.Range(0, 64).Select(i => $" class {i}\n")));
        var request = Request("DigitsModel", ("labels", labels));

        var result = Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", _folder.Path).Run("build-inspect", request);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        var root = signature.RootElement;
        Assert.Equal(
            ["schema", "className", "options", "model", "description", "deploy", "path", "hash", "providers", "labels", "inputs", "outputs"],
            root.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal("Models/digits.onnx", root.GetProperty("model").GetString());
        Assert.Equal("models/App/DigitsModel.onnx", root.GetProperty("path").GetString());
        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"class {i}"), root.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal("""[{"name":"x","kind":"tensor","type":"float32","rank":2,"shape":[{},{"size":64}]}]""", Compact(root.GetProperty("inputs")));
        Assert.Equal([_folder.File("Models/digits.onnx"), _folder.File("Models/digits.onnx.data"), labels], File.ReadAllLines(Obj("DigitsModel.inputs.txt")));
    }

    [Fact]
    public void A_request_without_one_of_its_fields_is_an_error()
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        var text = File.ReadAllText(Request("Whole"));
        var fields = JsonNode.Parse(text)!.AsObject().Select(field => field.Key).Where(name => name != "schema").ToList();
        var requests = fields.Select(field =>
        {
            var request = JsonNode.Parse(text)!.AsObject();
            request.Remove(field);
            return _folder.Write($"{field}.request.json", request.ToJsonString());
        });

        var result = Program().Run(["build-inspect", .. requests]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            fields.Select(field =>
                $"{_folder.File($"{field}.request.json")} : error MB1013: The build's request cannot be read: the field '{field}' is missing."
            ),
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..(line.IndexOf(" missing.", StringComparison.Ordinal) + 9)])
        );
    }

    [Fact]
    public void Compress_writes_model_receipt_report_and_what_it_read()
    {
        var model = Product().Save(_folder.File("Models/digits.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([20, 64], Noise.Floats(1280))));
        var request = Request("DigitsModel", ("calibrationData", new[] { data }));

        var result = Program().Run("build-compress", request);

        Assert.Equal(0, result.ExitCode);
        // The build shows these lines where it is asked for details.
        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("DigitsModel: ", line, StringComparison.Ordinal));
        Assert.Contains("is good: within the budget", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("DigitsModel: ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error", result.Output, StringComparison.Ordinal);
        OnnxModel.Load(Obj("DigitsModel.onnx"));
        using var receipt = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.receipt.json")));
        Assert.Equal("Models/digits.onnx", receipt.RootElement.GetProperty("model").GetString());
        Assert.Equal("calibration", receipt.RootElement.GetProperty("verification").GetProperty("inputs").GetString());
        Assert.StartsWith("<!doctype html>", File.ReadAllText(Obj("DigitsModel.report.html")), StringComparison.Ordinal);
        Assert.Equal([model, data], File.ReadAllLines(Obj("DigitsModel.inputs.txt")));
        // Deployed and committed files contain no path of this machine.
        Assert.DoesNotContain(
            _folder.Path,
            File.ReadAllText(Obj("DigitsModel.receipt.json")) + File.ReadAllText(Obj("DigitsModel.report.html")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["DigitsModel.inputs.txt", "DigitsModel.onnx", "DigitsModel.receipt.json", "DigitsModel.report.html", "DigitsModel.request.json"],
            Directory.EnumerateFileSystemEntries(_folder.File("obj")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_model_that_is_cut_has_a_file_for_each_stage_and_the_signature_says_where()
    {
        Product().Weight("v", 64, 8).Node("MatMul", "y v", "z").Output("z", DataType.Float, -1, 8).Save(_folder.File("Models/digits.onnx"));
        var request = Request("DigitsModel", ("stages", 2));

        Assert.Equal(0, Program().Run("build-inspect", request).ExitCode);
        var result = Program().Run("build-compress", request);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(", in 2 stages", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["DigitsModel.1.onnx", "DigitsModel.2.onnx"],
            Directory.EnumerateFiles(_folder.File("obj"), "*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        Assert.Equal("""["models/App/DigitsModel.1.onnx","models/App/DigitsModel.2.onnx"]""", Compact(signature.RootElement.GetProperty("stages")));
        using var receipt = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.receipt.json")));
        Assert.Equal(2, receipt.RootElement.GetProperty("partition").GetProperty("stages").GetArrayLength());

        var tooMany = Program().Run("build-compress", Request("DigitsModel", ("stages", 9)));
        Assert.StartsWith(
            $"{_folder.File("Models/digits.onnx")} : error MB1026: The model cannot be cut into 9 stages",
            tooMany.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_calibration_file_is_among_what_was_read()
    {
        var model = Product().Save(_folder.File("Models/digits.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([20, 64], Noise.Floats(1280))));
        Assert.Equal(0, Program().Run("calibrate", model, "--calibration-data", data).ExitCode);
        var file = _folder.File("Models/digits.calibration.json");
        var request = Request("DigitsModel", ("compression", "int8-weights"), ("calibrationFile", file));

        Assert.Equal(0, Program().Run("build-compress", request).ExitCode);

        Assert.Equal([model, file], File.ReadAllLines(Obj("DigitsModel.inputs.txt")));
    }

    [Fact]
    public void Files_of_a_step_lie_beside_the_project_and_are_among_what_was_read()
    {
        var model = new Net()
            .Input("x", -1, 16)
            .Weight("w", 16, 64)
            .Weight("v", 64, 4)
            .Node("MatMul", "x w", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b v", "y")
            .Output("y", DataType.Float, -1, 4)
            .Save(_folder.File("Models/digits.onnx"));
        Directory.CreateDirectory(_folder.File("Data"));
        var gradients = Numpy.Npz(_folder.File("Data/g.npz"), ("v", Numpy.Array([64, 4], Noise.Floats(256))));
        (string, object)[] changes = [("compression", "prune-channels(0.2, gradients=Data/g.npz)"), ("minSqnr", "-100")];

        var result = Program().Run("build-compress", Request("DigitsModel", changes));
        var missing = Program().Run("build-compress", Request("Missing", [("compression", "prune-channels(0.2, gradients=g.npz)"), changes[1]]));

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{model} : warning MB1025: 'prune-channels' ran without calibration data", result.Output, StringComparison.Ordinal);
        Assert.Equal([model, gradients], File.ReadAllLines(Obj("DigitsModel.inputs.txt")));
        Assert.StartsWith($"{_folder.File("g.npz")} : error MB1019: ", missing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_already_is_not_written_again()
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        var request = Request("DigitsModel");
        Program().Run("build-inspect", request);
        Program().Run("build-compress", request);
        var time = new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        foreach (var file in Directory.EnumerateFiles(_folder.File("obj")))
            File.SetLastWriteTimeUtc(file, time);

        Assert.Equal(0, Program().Run("build-inspect", request).ExitCode);
        var second = Program().Run("build-compress", request);

        Assert.Contains("(from the cache)", second.Output, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(_folder.File("obj")), file => Assert.Equal(time, File.GetLastWriteTimeUtc(file)));
    }

    [Fact]
    public void A_request_that_fails_does_not_stop_the_others()
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        _folder.Write("Models/bad.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        string[] requests =
        [
            Request("Gone", ("model", _folder.File("Models/gone.onnx"))),
            Request("Bad", ("model", _folder.File("Models/bad.onnx"))),
            _folder.Write("rubbish.request.json", "{"),
            Request("Strict", ("compression", "int8-weights"), ("minSqnr", "90")),
            Request("Typo", ("compression", "int9")),
            Request("Labels", ("labels", _folder.File("no labels.txt"))),
            Request("Large", ("maxSize", "1KB")),
            Request("Size", ("maxSize", "small")),
            Request("Good"),
        ];

        var result = Program().Run(["build-compress", .. requests]);

        Assert.Equal(1, result.ExitCode);
        // What somebody wrote wrongly stands in the project.
        var (model, project) = (_folder.File("Models/digits.onnx"), _folder.File("App.csproj"));
        string[] expected =
        [
            $"{_folder.File("Models/gone.onnx")} : error MB1001: ",
            $"{_folder.File("Models/bad.onnx")} : error MB1002: ",
            $"{_folder.File("rubbish.request.json")} : error MB1013: ",
            $"{model} : error MB1009: ",
            $"{project} : error MB1005: There is no step 'int9'",
            $"{_folder.File("no labels.txt")} : error MB1020: ",
            $"{model} : error MB1018: ",
            $"{project} : error MB1005: MaxSize='small'",
            "Good: ",
        ];
        Assert.All(expected.Zip(result.Output.Split('\n')), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.True(File.Exists(Obj("Good.onnx")));
        Assert.Equal(["Good.onnx"], Directory.EnumerateFiles(_folder.File("obj"), "*.onnx*").Select(Path.GetFileName));
        Assert.Equal(1, Program().Run(["build-inspect", .. requests]).ExitCode);
        Assert.True(File.Exists(Obj("Good.signature.json")));
    }

    [Fact]
    public void Warnings_are_lines_of_their_own()
    {
        new Net().Input("x", 4).Node("Relu", "x", "y").Output("y").Save(_folder.File("Models/digits.onnx"));

        var result = Program().Run("build-compress", Request("DigitsModel", ("compression", "int8-weights")));

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{_folder.File("Models/digits.onnx")} : warning MB1011: ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_smaller_when_zipped_only_is_deployed_and_told_so()
    {
        Product().Save(_folder.File("Models/digits.onnx"));

        var result = Program().Run("build-compress", Request("DigitsModel", ("compression", "prune(0.75, magnitude)"), ("minSqnr", "0")));

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^DigitsModel: [\d,]+ -> [\d,]+ bytes when zipped \([\d,]+ on disk as before, and no faster\), optimize prune", result.Output);
        Assert.Equal(
            3 * 64 * 64 / 4,
            OnnxModel.Load(Obj("DigitsModel.onnx")).Proto.Graph.Initializer.Single(tensor => tensor.Dims.Count == 2).Span<float>().Count(0f)
        );
    }

    [Theory]
    [InlineData(
        "int8-weights",
        @"^DigitsModel: [\d,]+ -> [\d,]+ bytes \(.*\), optimize int8-weights, \d+\.\d dB on synthetic inputs  ",
        @"^=[\d,]+ -> [\d,]+ bytes, \d+\.\d dB on synthetic inputs$"
    )]
    [InlineData(
        "none",
        "^DigitsModel: original kept, [\\d,]+ bytes, because the recipe has no steps  ",
        "^=original kept, [\\d,]+ bytes, because the recipe has no steps$"
    )]
    [InlineData(
        "int8-weights(exclude=w)",
        "DigitsModel: original kept, [\\d,]+ bytes, because of 'int8-weights\\(exclude=w\\)': it would have ",
        "^=original kept, "
    )]
    public void Made_inputs_and_models_that_are_kept_whole_are_told_so(string compression, string log, string terminal)
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        Directory.CreateDirectory(_folder.File("terminal"));

        var result = Program().Run("build-compress", "--progress-folder", _folder.File("terminal"), Request("DigitsModel", ("compression", compression)));

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(log, Lines(result.Output)[^1]);
        var progress = Lines(File.ReadAllText(_folder.File("terminal/DigitsModel.progress")));
        Assert.Matches(terminal, progress[^1]);
        Assert.Equal("reading", progress[0]);
        Assert.All(progress[..^1], line => Assert.InRange(line.Length, 1, 55));
    }

    [Fact]
    public void The_progress_of_a_model_that_fails_ends_without_a_word()
    {
        _folder.Write("Models/digits.onnx", "no model");
        Directory.CreateDirectory(_folder.File("terminal"));

        var result = Program().Run("build-compress", "--progress-folder", _folder.File("terminal"), Request("DigitsModel"));

        Assert.Equal((1, "=\n"), (result.ExitCode, File.ReadAllText(_folder.File("terminal/DigitsModel.progress"))));
    }

    [Fact]
    public void What_gains_on_disk_only_is_told_so()
    {
        Product().Save(_folder.File("Models/digits.onnx"));

        var stored = Program().Run("build-compress", Request("DigitsModel", ("compression", "int8-weights")));
        var computed = Program().Run("build-compress", Request("DigitsModel", ("compression", "int8-dynamic")));

        Assert.Matches(@"^DigitsModel: [\d,]+ -> [\d,]+ bytes \(memory and time of the loaded model are as before\), optimize int8-weights", stored.Output);
        Assert.Matches(@"^DigitsModel: [\d,]+ -> [\d,]+ bytes, optimize int8-dynamic", computed.Output);
    }

    [Fact]
    public void What_a_recipe_makes_of_inputs_and_outputs_is_in_the_signature_and_in_the_model()
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        var request = Request("DigitsModel", ("compression", "float16(io=true)"), ("target", "cpu-x64"));

        Assert.Equal(0, Program().Run("build-inspect", request).ExitCode);
        var result = Program().Run("build-compress", request);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{_folder.File("Models/digits.onnx")} : warning MB1024: float16 is for accelerators", result.Output, StringComparison.Ordinal);
        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        Assert.All(
            new[] { "inputs", "outputs" },
            values => Assert.Equal("float16", signature.RootElement.GetProperty(values)[0].GetProperty("type").GetString())
        );
        var made = OnnxModel.Load(Obj("DigitsModel.onnx"));
        Assert.Equal(signature.RootElement.GetProperty("hash").GetString(), made.GetMetadata("modelbuild.signature"));
        Assert.All(made.Proto.Graph.Input.Concat(made.Proto.Graph.Output), value => Assert.Equal((int)DataType.Float16, value.Type.TensorType.ElemType));
    }

    [Fact]
    public void States_that_the_model_does_not_have_are_an_error_of_the_project()
    {
        Product().Save(_folder.File("Models/digits.onnx"));

        var result = Program().Run("build-inspect", Request("DigitsModel", ("state", "z=x")));

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{_folder.File("App.csproj")} : error MB1028: State names the output 'z'", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Chosen_names_are_in_the_signature_also_where_a_recipe_changes_it()
    {
        Product().Save(_folder.File("Models/digits.onnx"));

        Assert.Equal(0, Program().Run("build-inspect", Request("DigitsModel", ("compression", "float16(io=true)"), ("names", "x=Pixels; y=Scores"))).ExitCode);

        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        Assert.Equal(
            ["Pixels", "Scores"],
            new[] { "inputs", "outputs" }.Select(values => signature.RootElement.GetProperty(values)[0].GetProperty("member").GetString())
        );
    }

    [Theory]
    [InlineData("z=Scores", "Names has 'z', which the model does not have.")]
    [InlineData("y=2", "Names has 'y=2', and '2' cannot be a name in C#")]
    public void Names_that_cannot_be_are_an_error_of_the_project(string names, string message)
    {
        Product().Save(_folder.File("Models/digits.onnx"));

        var result = Program().Run("build-inspect", Request("DigitsModel", ("names", names)));

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{_folder.File("App.csproj")} : error MB1028: {message}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_no_output_has_are_a_warning()
    {
        Product().Save(_folder.File("Models/digits.onnx"));

        var result = Program().Run("build-inspect", Request("DigitsModel", ("labels", _folder.Write("labels.txt", "zero\none\n"))));

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{_folder.File("Models/digits.onnx")} : warning MB1020: There are 2 labels", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_cache_entry_is_a_warning()
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        Program().Run("build-compress", Request("DigitsModel"));
        foreach (var file in Directory.EnumerateFiles(_folder.File("cache"), "model.onnx", SearchOption.AllDirectories))
            File.WriteAllText(file, "damaged");

        var result = Program().Run("build-compress", Request("DigitsModel"));

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\S+ : warning MB1012: ", result.Output);
    }

    [Fact]
    public void A_missing_ONNX_Runtime_is_one_error()
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        var broken = _folder.Write(
            "ort/Microsoft.ML.OnnxRuntime.dll",
            File.ReadAllBytes(Path.Combine(ModelBuildProgram.OnnxRuntimeFolder, "Microsoft.ML.OnnxRuntime.dll"))
        );

        var none = Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", _folder.Path).Run("build-compress", Request("DigitsModel"));
        var half = Program().Run("build-compress", Request("DigitsModel", ("onnxRuntimeManaged", broken), ("onnxRuntimeNative", _folder.File("ort"))));

        Assert.StartsWith(
            $"{_folder.File("Models/digits.onnx")} : error MB1016: ONNX Runtime was not found",
            Assert.Single(Lines(none.Output)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"{_folder.File("Models/digits.onnx")} : error MB1016: ONNX Runtime cannot be loaded",
            Assert.Single(Lines(half.Output)),
            StringComparison.Ordinal
        );
        Assert.Equal((1, 1), (none.ExitCode, half.ExitCode));
    }

    [Fact]
    public async Task The_end_of_the_build_is_the_end_of_the_work()
    {
        Loops.Save(_folder.File("Models/digits.onnx"));
        using var process = Program().Start("build-compress", "--watch-stdin", Request("DigitsModel"), Request("Other"));
        var cache = Path.Combine(_folder.Path, "cache");
        await Eventually.IsTrueInAsync(
            process,
            () => Directory.Exists(cache) && Directory.EnumerateFileSystemEntries(cache).Any(),
            TestContext.Current.CancellationToken
        );

        process.StandardInput.Close();
        var result = ModelBuildProgram.Wait(process);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, Lines(result.Output).Length);
        Assert.All(Lines(result.Output), line => Assert.Contains(" : error MB1014: The work was cancelled", line, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(cache));
        Assert.Equal(
            ["DigitsModel.request.json", "Other.request.json"],
            Directory.EnumerateFileSystemEntries(_folder.File("obj")).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public void A_build_that_only_waits_is_not_disturbed()
    {
        Product().Save(_folder.File("Models/digits.onnx"));
        using var process = Program().Start("build-compress", "--watch-stdin", Request("DigitsModel"));

        // Standard input stays open until the program has ended by itself.
        var result = ModelBuildProgram.Wait(process);

        Assert.Equal(0, result.ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64);

    private ModelBuildProgram Program() => new(_folder);

    private string Obj(string name) => _folder.File($"obj/{name}");

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private string Request(string id, params (string Key, object Value)[] changes) => BuildRequestFile.Write(_folder, id, changes);
}
