using System.Text.Json;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>What <c>build-inspect</c> writes, and what it reports about the project.</summary>
public sealed class BuildInspectTests : BuildTests
{
    [Fact]
    public void Inspect_writes_the_signature_and_what_it_read_without_ONNX_Runtime()
    {
        Product().Build().Save(Folder.File("Models/digits.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });
        var labels = Folder.Write("labels.txt", string.Concat(Enumerable.Range(0, 64).Select(i => $" class {i}\n")));
        var request = Request("DigitsModel", ("labels", labels));

        var result = Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", Folder.Path).Run("build-inspect", request);

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
        Assert.Equal([Folder.File("Models/digits.onnx"), Folder.File("Models/digits.onnx.data"), labels], FilesRead("DigitsModel"));
    }

    [Fact]
    public void Descriptions_of_the_item_and_those_beside_the_model_are_in_the_signature()
    {
        new Net().Input("x", 1, 3, 8, 8).Node("Relu", "x", "y").Output("y", DataType.Float, 1, 3, 8, 8).Save(Folder.File("Models/digits.onnx"));
        var found = Folder.Write("Models/digits.task.json", """{ "image": "rgb resize(8,8)", "boxes": "yolo" }""");
        var request = Request("DigitsModel", ("descriptions", new Dictionary<string, string> { ["Boxes"] = "none" }));

        var result = Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", Folder.Path).Run("build-inspect", request);

        Assert.Equal((0, "DigitsModel: found Image=\"rgb resize(8,8)\" from digits.task.json\n"), (result.ExitCode, result.Output));
        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        Assert.Equal("""[{"name":"Image","text":"rgb resize(8,8)","source":"digits.task.json"}]""", Compact(signature.RootElement.GetProperty("descriptions")));
        Assert.Equal([Folder.File("Models/digits.onnx"), found], FilesRead("DigitsModel"));
        // A description that appears later is another input, so that the build repeats.
        Assert.Contains(Folder.File("Models/preprocessor_config.json"), File.ReadAllLines(Obj("DigitsModel.inputs.txt")));
    }

    [Theory]
    [InlineData("", "", "mean, not normalized, because there is no 1_Pooling/config.json and no modules.json")]
    [InlineData("cls_token", "", "first token; not normalized, because there is no modules.json")]
    [InlineData("", "Normalize", "mean, because there is no 1_Pooling/config.json; normalized")]
    [InlineData("lasttoken", "Transformer", "last token, not normalized")]
    public void The_build_says_how_vectors_are_pooled_and_where_texts_are_cut(string mode, string module, string pooling)
    {
        Sentences("last_hidden_state", 3);
        Folder.Write("Models/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
        Folder.Write("Models/tokenizer_config.json", """{ "model_max_length": 128 }""");
        if (mode.Length > 0)
            Folder.Write("Models/1_Pooling/config.json", $$"""{ "pooling_mode_{{mode}}": true }""");
        if (module.Length > 0)
            Folder.Write("Models/modules.json", $$"""[{ "path": "", "type": "sentence_transformers.models.{{module}}" }]""");

        var result = Inspect();

        Assert.Equal(
            (0, $"DigitsModel: found Tokenizer=\"vocab.txt\" from the folder of the model (pooling: {pooling}; texts are cut at 128 tokens)\n"),
            (result.ExitCode, result.Output)
        );
        Assert.Equal(
            $$"""[{"name":"Tokenizer","text":"vocab.txt","source":"the folder of the model","pooling":"{{pooling}}","maxTokens":128}]""",
            Descriptions()
        );
    }

    [Theory]
    [InlineData("last_hidden_state", 3, "'modules.json': The module '2_Dense' (sentence_transformers.models.Dense) is not supported")]
    [InlineData("sentence_embedding", 2, null)]
    [InlineData("logits", 3, null)]
    public void A_module_that_is_not_supported_is_a_fault_of_models_whose_vectors_are_pooled(string output, int rank, string? fault)
    {
        Sentences(output, rank);
        Folder.Write("Models/tokenizer.json", """{ "truncation": { "max_length": 64 }, "model": {} }""");
        Folder.Write("Models/modules.json", """[{ "path": "2_Dense", "type": "sentence_transformers.models.Dense" }]""");

        Assert.Equal(0, Inspect().ExitCode);

        using var descriptions = JsonDocument.Parse(Descriptions());
        var tokenizer = descriptions.RootElement[0];
        Assert.Equal(fault is null, tokenizer.TryGetProperty("maxTokens", out var count) && count.GetInt32() == 64);
        Assert.Equal(fault is not null, tokenizer.TryGetProperty("fault", out var text));
        if (fault is not null)
            Assert.StartsWith(fault, text.GetString(), StringComparison.Ordinal);
        Assert.False(tokenizer.TryGetProperty("pooling", out _));
    }

    private void Sentences(string output, int rank) =>
        new Net()
            .Input("input_ids", DataType.Int64, -1, -1)
            .Constant("table", [4, 2], [.. Enumerable.Range(0, 8).Select(i => (float)i)])
            .Node("Gather", "table input_ids", output)
            .Output(output, DataType.Float, rank == 3 ? [-1, -1, 2] : [-1, 2])
            .Build()
            .Save(Folder.File("Models/digits.onnx"));

    private ModelBuildProgram.Result Inspect() =>
        Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", Folder.Path).Run("build-inspect", Request("DigitsModel"));

    private string Descriptions()
    {
        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        return Compact(signature.RootElement.GetProperty("descriptions"));
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(64, 1)]
    public void The_labels_are_those_of_the_classes_after_a_transfer(int count, int exitCode)
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        var labels = Folder.Write("labels.txt", string.Concat(Enumerable.Range(0, count).Select(i => $"class {i}\n")));
        var request = Request("DigitsModel", ("compression", "transfer(classes=7)"), ("labels", labels));

        var result = Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", Folder.Path).Run("build-inspect", request);

        Assert.Equal(exitCode, result.ExitCode);
        if (exitCode != 0)
        {
            Assert.Contains("MB1020", result.Output + result.Error, StringComparison.Ordinal);
            Assert.Contains("There are 64 labels, and 'transfer' gives the model 7 classes.", result.Output + result.Error, StringComparison.Ordinal);
            return;
        }

        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        Assert.Equal(
            """[{"name":"y","kind":"tensor","type":"float32","rank":2,"shape":[{},{"size":7}]}]""",
            Compact(signature.RootElement.GetProperty("outputs"))
        );
    }

    [Fact]
    public void What_a_recipe_makes_of_inputs_and_outputs_is_in_the_signature_and_in_the_model()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        var request = Request("DigitsModel", ("compression", "float16(io=true)"), ("target", "cpu-x64"));

        Assert.Equal(0, Program().Run("build-inspect", request).ExitCode);
        var result = Program().Run("build-compress", request);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{Folder.File("Models/digits.onnx")} : warning MB1024: float16 is for accelerators", result.Output, StringComparison.Ordinal);
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
    public void Chosen_names_are_in_the_signature_also_where_a_recipe_changes_it()
    {
        Product().Save(Folder.File("Models/digits.onnx"));

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
        Product().Save(Folder.File("Models/digits.onnx"));

        var result = Program().Run("build-inspect", Request("DigitsModel", ("names", names)));

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{Folder.File("App.csproj")} : error MB1028: {message}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void States_that_the_model_does_not_have_are_an_error_of_the_project()
    {
        Product().Save(Folder.File("Models/digits.onnx"));

        var result = Program().Run("build-inspect", Request("DigitsModel", ("state", "z=x")));

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{Folder.File("App.csproj")} : error MB1028: State names the output 'z'", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_no_output_has_are_a_warning()
    {
        Product().Save(Folder.File("Models/digits.onnx"));

        var result = Program().Run("build-inspect", Request("DigitsModel", ("labels", Folder.Write("labels.txt", "zero\none\n"))));

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{Folder.File("Models/digits.onnx")} : warning MB1020: There are 2 labels", result.Output, StringComparison.Ordinal);
    }
}
