using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Optimization;

public sealed class FixDimensionsTests
{
    [Theory]
    [InlineData("fix-dimensions(batch=1, time=5)")]
    [InlineData("fix-dimensions(x/0=1, x/1=5)")]
    [InlineData("fix-dimensions(z/0=1, time=5, x/0=1)")]
    public void A_name_has_one_size_everywhere(string recipe)
    {
        var optimized = Steps.Run(Model(), recipe);

        Assert.Equal(["x tensor float32 1,5,6", "z tensor float32 1"], SignatureReader.Read(optimized).Inputs.Select(input => input.ToString()));
        Assert.Equal([1L, 5L, 6L], Sizes(optimized.Proto.Graph.Output[0]));
        // The values that were computed from the sizes are constant.
        Assert.Equal("Mul Relu", Steps.Operators(optimized));
    }

    [Fact]
    public void Others_stay_open()
    {
        var optimized = Steps.Run(Model(), "fix-dimensions(batch=2)");

        Assert.Equal(["x tensor float32 2,time,6", "z tensor float32 2"], SignatureReader.Read(optimized).Inputs.Select(input => input.ToString()));
    }

    [Fact]
    public void An_axis_without_a_name_is_named_by_its_input()
    {
        var model = new Net().Input("odd, name", -1, 4).Node("Relu", "odd,_name", "y").Output("y").Build();
        model.Proto.Graph.Node[0].Input[0] = "odd, name";

        Assert.Equal([3L, 4L], Sizes(Steps.Run(model, "fix-dimensions('odd, name/0'=3)").Proto.Graph.Input[0]));
    }

    [Theory]
    [InlineData(
        "fix-dimensions(bacth=1)",
        "The inputs have no dimension 'bacth'. Did you mean 'batch'? Dynamic dimensions: batch (x/0), time (x/1), batch (z/0)."
    )]
    [InlineData(
        "fix-dimensions",
        "'fix-dimensions' needs names and sizes, such as fix-dimensions(batch=1). Dynamic dimensions: batch (x/0), time (x/1), batch (z/0)."
    )]
    [InlineData("fix-dimensions(x/2=7)", "The dimension 'x/2' has the size 6 already, and cannot have 7.")]
    [InlineData("fix-dimensions(x/0=1, z/0=2)", "The dimension 'z/0' has the size 1 already, and cannot have 2.")]
    [InlineData("fix-dimensions(batch=0)", "'fix-dimensions' cannot make 'batch' 0: a size is at least 1.")]
    [InlineData("fix-dimensions(batch=one)", "'fix-dimensions' cannot take batch='one': it must be an integer.")]
    [InlineData("fix-dimensions(1)", "'fix-dimensions' cannot take name='1': it must be a name and an integer, such as batch=1.")]
    [InlineData("fix-dimensions(batch=1, batch=2)", "'fix-dimensions' has 'batch' twice.")]
    public void What_cannot_be_is_said(string recipe, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => Steps.Run(Model(), recipe));

        Assert.Equal((Codes.UnknownOption, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void A_dimension_that_is_called_like_an_axis_is_ambiguous()
    {
        var model = new Net().OpenInput("x", "n", "x/0").Node("Relu", "x", "y").Output("y").Build();

        Assert.StartsWith(
            "'x/0' is the name of a dimension, and also an axis of an input",
            Assert.Throws<CompressionException>(() => Steps.Run(model, "fix-dimensions(x/0=1)")).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["n", "1"],
            Steps
                .Run(model, "fix-dimensions(x/1=1)")
                .Proto.Graph.Input[0]
                .Type.TensorType.Shape.Dim.Select(size => size.DimParam.Length > 0 ? size.DimParam : $"{size.DimValue}")
        );
    }

    [Fact]
    public void It_is_written_as_it_is_read()
    {
        var recipe = RecipeParser.Parse("fix-dimensions(batch=1, 'odd, name/0'=3) int8-weights");

        Assert.Equal("fix-dimensions(batch=1, 'odd, name/0'=3) int8-weights", recipe.ToString());
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.recipe.json"), RecipeFile.ToJson(recipe));
        Assert.Equal(recipe.Steps[0], RecipeFile.Load(folder.File("x.recipe.json")).Steps[0]);
    }

    [Fact]
    public void The_signature_is_known_before_the_model_is_made_and_the_model_has_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("m.onnx");
        Model().Save(path);
        var recipe = RecipeParser.Parse("fix-dimensions(batch=1, time=5)");
        var foreseen = RecipeSignature.Read(OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }), recipe);

        Compressor.Compress(new CompressionRequest(path, folder.File("c.onnx")) { Recipe = recipe }, cancellationToken: TestContext.Current.CancellationToken);

        var made = OnnxModel.Load(folder.File("c.onnx"));
        Assert.Equal(foreseen.Hash(), SignatureReader.Read(made).Hash());
        Assert.Equal(foreseen.Hash(), made.GetMetadata(ModelSignature.MetadataKey));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_real_transformer_answers_alike_with_fixed_sizes()
    {
        var model = OnnxModel.Load(Corpus.Path("models/tribuo_tinybert_random.onnx"));
        var optimized = Steps.Run(model, "fix-dimensions(batch=2, sequence=7)");
        long[] Ids(int seed) =>
            [
                .. Noise
                    .Floats(14, seed)
                    .Select(value =>
                        seed == 1 ? (long)(value * value * 100)
                        : seed == 2 ? 1L
                        : 0L
                    ),
            ];
        using var ids = OrtValue.CreateTensorValueFromMemory(Ids(1), [2, 7]);
        using var mask = OrtValue.CreateTensorValueFromMemory(Ids(2), [2, 7]);
        using var types = OrtValue.CreateTensorValueFromMemory(Ids(3), [2, 7]);
        (string, OrtValue)[] inputs = [("input_ids", ids), ("attention_mask", mask), ("token_type_ids", types)];

        Assert.DoesNotContain(new Graph(optimized).Nodes, node => node.OpType is "Shape" or "Concat");
        Assert.InRange(Ort.Sqnr(Ort.Run(model, inputs), Ort.Run(optimized, inputs)), 100, double.PositiveInfinity);
    }

    private static OnnxModel Model()
    {
        var model = new Net()
            .OpenInput("x", "batch", "time", "6")
            .OpenInput("z", "batch")
            .Constant("axis", [], 1L)
            .Node("Relu", "x", "a")
            .Node("Shape", "a", "s")
            .Node("Gather", "s axis", "t")
            .Node("Cast", "t", "f", ("to", 1L))
            .Node("Mul", "a f", "y")
            .Output("y")
            .Build();
        var output = model.Proto.Graph.Input[0].Clone();
        output.Name = "y";
        model.Proto.Graph.Output[0] = output;
        return model;
    }

    private static IEnumerable<long> Sizes(ValueInfoProto info) => info.Type.TensorType.Shape.Dim.Select(size => size.DimValue);
}
