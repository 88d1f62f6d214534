using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests training with losses of values inside the model.</summary>
public sealed class InnerLossRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string[]> Recipes =>
        new()
        {
            { "prune(0.5) fine-tune(features=pairs, {0})", ["features of r", "features of s"] },
            { "prune-channels(0.5) fine-tune(features=pairs, {0})", ["features of r", "features of s"] },
            { "prune-channels(0.3) prune-channels(0.3) fine-tune(features=auto, {0})", ["features of r", "features of s"] },
            { "prune-channels(0.5) int8-weights fine-tune(features=pairs, feature-weight=0.5, {0})", ["features of r", "features of s"] },
            { "prune-channels(0.5) fine-tune(attention=1000, {0})", ["attention of r", "attention of s"] },
            { "prune(0.5) fine-tune(features=pairs, attention=10, {0})", ["attention of r", "attention of s", "features of r", "features of s"] },
            { "distill(student.onnx, features=auto, {0})", ["features of student r", "features of student s"] },
            { "distill(student.onnx, attention=1000, {0})", ["attention of student r", "attention of student s"] },
            {
                "distill(student.onnx, features=auto, attention=1, {0})",
                ["attention of student r", "attention of student s", "features of student r", "features of student s"]
            },
        };

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Recipes))]
    public void Terms_of_inner_values_are_trained(string recipe, string[] terms)
    {
        Convolutions(4, 5, "student ").Save(_folder.File("student.onnx"));
        var text = recipe.Replace("{0}", "steps=60, rate=0.002, batch=16", StringComparison.Ordinal);

        var result = MadeTraining.Run(Convolutions(8, 10).Build(), text, MadeTraining.Rows(256, 2, 6, 6), _folder.Path);

        Assert.Equal(
            terms,
            result.Training.Terms.Keys.Where(term => term.Contains(" of ", StringComparison.Ordinal) && !term.EndsWith(" y", StringComparison.Ordinal))
        );
        Assert.InRange(result.Improvement, 0, 0.98);
        Assert.DoesNotContain(result.Model.Proto.Graph.Initializer, tensor => tensor.Name.Contains("map", StringComparison.Ordinal));
        Assert.Empty(result.Training.Frozen);
    }

    [Fact]
    public void Attention_maps_of_a_transformer_are_trained()
    {
        var result = MadeTraining.Run(Transformer().Build(), "prune(0.6) fine-tune(attention=10, steps=60, rate=0.002)", MadeTraining.Rows(256, 4, 6));

        Assert.Equal(["attention of a"], result.Training.Terms.Keys.Where(term => term.StartsWith("attention", StringComparison.Ordinal)));
        Assert.InRange(result.Improvement, 0, 0.98);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Runs_with_equal_seeds_have_equal_bytes()
    {
        Convolutions(4, 5, "student ").Save(_folder.File("student.onnx"));
        const string Recipe = "distill(student.onnx, features=auto, attention=1, steps=15, rate=0.01)";

        var bytes = Enumerable
            .Range(0, 2)
            .Select(_ => MadeTraining.Run(Convolutions(8, 10).Build(), Recipe, MadeTraining.Rows(256, 2, 6, 6), _folder.Path).Model.ToBytes());

        Assert.Single(bytes.Select(Convert.ToHexString).Distinct());
    }

    [Theory]
    [InlineData("distill(student.onnx, features=pairs, steps=5)", "features=pairs needs layers")]
    [InlineData("fine-tune(attention=1, steps=5)", "attention needs convolutions")]
    public void A_loss_that_the_models_have_no_values_for_is_an_error(string recipe, string message)
    {
        Products(4, "student ").Save(_folder.File("student.onnx"));

        var exception = Assert.Throws<CompressionException>(() => MadeTraining.Run(Products(8, "").Build(), recipe, MadeTraining.Rows(64, 8), _folder.Path));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_options_only_outputs_are_compared()
    {
        var result = MadeTraining.Run(Convolutions(8, 10).Build(), "prune(0.5) fine-tune(steps=5)", MadeTraining.Rows(256, 2, 6, 6));

        Assert.Single(result.Training.Terms);
    }

    [Theory]
    [InlineData("prune-channels(0.5)")]
    [InlineData("prune-channels(0.3) prune-channels(0.3)")]
    public void Pruning_notes_the_channels_of_the_original_that_it_kept(string recipe)
    {
        var model = Convolutions(8, 10).Build();
        var context = new PassContext(model.Clone(), new PassReport(), TestContext.Current.CancellationToken);

        RecipePipeline.Run(context, RecipeParser.Parse(recipe));

        var graph = new Graph(context.Model);
        var (before, after) = (
            new Graph(model).Constant("a"),
            graph.Constant(graph.Producer("p")?.Input[1] ?? graph.Nodes.First(node => node.OpType == "Conv").Input[1])
        );
        var kept = context.Kept.Find("r", 1, 8, after.Dims[0]);
        Assert.NotNull(kept);
        Assert.True(kept.Length < 8);
        Assert.Equal(kept.SelectMany(channel => before.ToFloats().AsSpan(channel * 18, 18).ToArray()), after.ToFloats());
    }

    public void Dispose() => _folder.Dispose();

    private static Net Convolutions(int first, int second, string prefix = "") =>
        new Net()
            .Input("x", -1, 2, 6, 6)
            .Weight($"{prefix}a", first, 2, 3, 3)
            .Weight($"{prefix}b", second, first, 3, 3)
            .Weight($"{prefix}c", second * 4, 5)
            .Add(Nodes.Create("Conv", ["x", $"{prefix}a"], [$"{prefix}p"]))
            .Add(Nodes.Create("Relu", [$"{prefix}p"], [$"{prefix}r"]))
            .Add(Nodes.Create("Conv", [$"{prefix}r", $"{prefix}b"], [$"{prefix}q"]))
            .Add(Nodes.Create("Relu", [$"{prefix}q"], [$"{prefix}s"]))
            .Add(Nodes.Create("Flatten", [$"{prefix}s"], [$"{prefix}f"]))
            .Add(Nodes.Create("MatMul", [$"{prefix}f", $"{prefix}c"], ["y"]))
            .Output("y", DataType.Float, -1, 5);

    private static Net Products(int width, string prefix) =>
        new Net()
            .Input("x", -1, 8)
            .Weight($"{prefix}a", 8, width)
            .Weight($"{prefix}b", width, 4)
            .Add(Nodes.Create("MatMul", ["x", $"{prefix}a"], [$"{prefix}p"]))
            .Add(Nodes.Create("Relu", [$"{prefix}p"], [$"{prefix}r"]))
            .Add(Nodes.Create("MatMul", [$"{prefix}r", $"{prefix}b"], ["y"]))
            .Output("y", DataType.Float, -1, 4);

    // The network is one layer of attention with two heads.
    private static Net Transformer() =>
        new Net()
            .Input("x", -1, 4, 6)
            .Weight("wq", 6, 6)
            .Weight("wk", 6, 6)
            .Weight("wv", 6, 6)
            .Weight("wo", 6, 3)
            .Constant("heads", [4], 0L, 4, 2, 3)
            .Constant("joined", [3], 0L, 4, 6)
            .Node("MatMul", "x wq", "q0")
            .Node("MatMul", "x wk", "k0")
            .Node("MatMul", "x wv", "v0")
            .Node("Reshape", "q0 heads", "q1")
            .Node("Reshape", "k0 heads", "k1")
            .Node("Reshape", "v0 heads", "v1")
            .Node("Transpose", "q1", "q", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Transpose", "k1", "k", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("Transpose", "v1", "v", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("MatMul", "q k", "scores")
            .Node("Softmax", "scores", "a", ("axis", -1L))
            .Node("MatMul", "a v", "h")
            .Node("Transpose", "h", "h1", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Reshape", "h1 joined", "h2")
            .Node("MatMul", "h2 wo", "y")
            .Output("y", DataType.Float, -1, 4, 3);
}
