using System.Text.Json;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Tests;

/// <summary>The preparation of images becomes a part of the model.</summary>
public sealed class PreprocessTests : BuildTests
{
    private const string Image = "bgr letterbox(16) scale(1/255)";

    [Theory]
    [InlineData("none")]
    [InlineData("int8-weights")]
    public void The_result_takes_pictures_and_the_receipt_compares_it_with_the_class(string compression)
    {
        Photos().Save(Folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", compression, "--image", Image, "--preprocess", "graph", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var facts = result.Json.GetProperty("preprocessing");
        Assert.Equal(Image, facts.GetProperty("description").GetString());
        Assert.Equal("made", facts.GetProperty("inputs").GetString());
        Assert.Equal(5, facts.GetProperty("pictures").GetInt32());
        Assert.InRange(facts.GetProperty("largestDifference").GetDouble(), 0, 1.01);
        Assert.InRange(facts.GetProperty("sqnrDb").GetDouble(), 40, 200);
        var model = OnnxModel.Load(Folder.File("model.compressed.onnx"));
        Assert.Equal(["x"], model.Proto.Graph.Input.Select(input => input.Name));
        Assert.Equal((int)TensorProto.Types.DataType.Uint8, model.Proto.Graph.Input[0].Type.TensorType.ElemType);
        Assert.Contains(model.Proto.Graph.Node, node => node.OpType == "Resize");
    }

    [Fact]
    public void A_person_reads_the_difference()
    {
        Photos().Save(Folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", "none", "--image", Image, "--preprocess", "graph");

        Assert.Contains($"The preparation '{Image}' is part of the model", result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void The_stages_of_a_model_take_pictures()
    {
        Photos().Save(Folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", "none", "--image", Image, "--preprocess", "graph", "--stages", "2", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(2, result.Json.GetProperty("partition").GetProperty("stages").GetArrayLength());
        Assert.Equal(5, result.Json.GetProperty("partition").GetProperty("verification").GetProperty("calls").GetInt32());
    }

    [Fact]
    public void The_build_writes_a_model_with_the_signature_of_the_first_phase()
    {
        Photos().Save(Folder.File("Models/digits.onnx"));
        var request = Request("DigitsModel", ("descriptions", new Dictionary<string, string> { ["Image"] = Image }), ("preprocess", "graph"));

        Assert.Equal((0, ""), Program().Run("build-inspect", request) is var inspected ? (inspected.ExitCode, inspected.Error) : default);
        Assert.Equal(0, Program().Run("build-compress", request).ExitCode);

        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        Assert.Equal(
            $$"""[{"name":"Image","text":"rgb"},{"name":"Preprocess","text":"{{Image}}","layout":"nchw"}]""",
            Compact(signature.RootElement.GetProperty("descriptions"))
        );
        Assert.Equal(
            """[{"name":"x","kind":"tensor","type":"uint8","rank":4,"shape":[{"size":1},{"name":"picture_height"},{"name":"picture_width"},{"size":3}]}]""",
            Compact(signature.RootElement.GetProperty("inputs"))
        );
        Assert.Equal(signature.RootElement.GetProperty("hash").GetString(), OnnxModel.Load(Obj("DigitsModel.onnx")).GetMetadata("modelbuild.signature"));
        Assert.Contains("is part of the model", File.ReadAllText(Obj("DigitsModel.report.html")), StringComparison.Ordinal);
        // The same model without the preparation is another entry of the cache.
        var plain = Request("PlainModel", ("descriptions", new Dictionary<string, string> { ["Image"] = Image }));
        Assert.DoesNotContain("from the cache", Program().Run("build-compress", plain).Output, StringComparison.Ordinal);
        Assert.Contains("from the cache", Program().Run("build-compress", request).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void MB1047_without_a_description_nothing_is_written()
    {
        Photos().Save(Folder.File("model.onnx"));
        Photos().Save(Folder.File("Models/digits.onnx"));

        Program().Run("compress", "model.onnx", "--preprocess", "graph").Fails(1, "MB1047", "model.onnx", "Set Image, such as");
        var inspected = Program().Run("build-inspect", Request("DigitsModel", ("preprocess", "graph")));

        Assert.Equal(1, inspected.ExitCode);
        Assert.Contains("error MB1047: ", inspected.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("model.compressed.onnx", Folder.Names());
    }

    private static Net Photos() => new Net().Input("x", 1, 3, 16, 16).Weight("w", 64, 3, 5, 5).Node("Conv", "x w", "c").Node("Relu", "c", "y").Output("y");
}
