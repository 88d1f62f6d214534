using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Stored;

/// <summary>Tests that each operator with which steps store weights in another form than float32 has a form for training.</summary>
public sealed class StoredOperatorTests
{
    private const int Elements = 64;

    private static readonly string[] Recipes =
    [
        "float16-weights",
        "int8-weights",
        "int8-dynamic",
        "int8-dynamic(per-channel=false)",
        "int8(min-max, everywhere=true)",
        "int4",
        "int4(format=qdq)",
        "int8-blocks",
        "cluster(16)",
        "cluster(8, form=shared)",
    ];

    // The three steps convert the weights and the arithmetic to 16 bits, so that there are no float32 parameters to train.
    private static readonly string[] Narrow = ["float16", "bfloat16", "mixed-precision"];

    private static readonly string[] Written =
    [
        "DequantizeLinear",
        "DynamicQuantizeLSTM",
        "DynamicQuantizeLinear",
        "GatherBlockQuantized",
        "MatMulInteger",
        "MatMulNBits",
        "QAttention",
        "QuantizeLinear",
    ];

    private static readonly DataType[] Codes =
    [
        DataType.Int4,
        DataType.Uint4,
        DataType.Int8,
        DataType.Uint8,
        DataType.Int16,
        DataType.Uint16,
        DataType.Float16,
    ];

    public static TheoryData<string> AllRecipes => [.. Recipes];

    [Fact]
    public void Every_step_that_stores_weights_is_tested() =>
        Assert.Equal(
            StepCatalog.Steps.Where(step => step.Weights.HasFlag(WeightUse.StoresOtherwise)).Select(step => step.Name).Order(StringComparer.Ordinal),
            Recipes.Select(recipe => recipe.Split('(')[0]).Concat(Narrow).Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_operators_of_integers_that_steps_write_are_these() =>
        Assert.Equal(
            Written,
            Recipes
                .SelectMany(recipe => Run(recipe).Proto.Graph.Node)
                .Select(node => node.OpType)
                .Where(IntegerOperators.Contains)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    [Trait("Speed", "Slow")]
    [Theory]
    [MemberData(nameof(AllRecipes))]
    public void All_weights_are_trained(string recipe)
    {
        var opened = TrainableModel.Open(Run(recipe), Rows, keepsZeros: false, CancellationToken.None);
        var result = MadeTraining.Run(Model(), $"{recipe} fine-tune(steps=2)", Rows);

        Assert.DoesNotContain(
            opened.Model.Proto.Graph.Initializer.Where(tensor => Codes.Contains((DataType)tensor.DataType) && tensor.ElementCount() >= Elements),
            tensor => !tensor.Name.EndsWith("_indices", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(opened.Model.Proto.Graph.Node, node => node.OpType is "DynamicQuantizeLSTM" or "QAttention" or "MatMulInteger" or "MatMulNBits");
        Assert.Empty(result.Training.Frozen);
    }

    private static ISampleSource Rows => MadeTraining.Rows(40, 6, 24);

    private static OnnxModel Run(string recipe) => MadeTraining.Run(Model(), recipe, Rows).Model;

    // The model has a lookup, an LSTM, an attention, a convolution and a product. Each of them has enough weights for all steps.
    private static OnnxModel Model()
    {
        var model = new Net(opset: 17)
            .OpenInput("x", "n", "6", "24")
            .Node("ArgMax", "x", "ids", ("axis", 2L), ("keepdims", 0L))
            .Weight("table", 1024, 24)
            .Node("Gather", "table ids", "looked")
            .Node("Add", "x looked", "e")
            .Node("Transpose", "e", "t", ("perm", new long[] { 1, 0, 2 }))
            .Weight("w", 1, 128, 24)
            .Weight("r", 1, 128, 32)
            .Weight("b", 1, 256)
            .Node("LSTM", "t w r b", "l", ("hidden_size", 32L))
            .Node("Transpose", "l", "m", ("perm", new long[] { 2, 0, 1, 3 }))
            .Constant("rows", [3], 0L, 6, 32)
            .Node("Reshape", "m rows", "h")
            .Weight("wa", 32, 96)
            .Weight("ba", 96)
            .Add(Nodes.Create("Attention", ["h", "wa", "ba"], ["a"], domain: Domains.Microsoft, attributes: ("num_heads", 4L)))
            .Constant("one", [1], 1L)
            .Node("Unsqueeze", "a one", "image")
            .Weight("c", 64, 1, 3, 3)
            .Node("Conv", "image c", "f", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "f", "g")
            .Weight("d", 16, 64, 3, 3)
            .Node("Conv", "g d", "k")
            .Node("Flatten", "k", "q")
            .Weight("v", 1920, 8)
            .Node("MatMul", "q v", "y")
            .Output("y")
            .Build();
        model.ImportOpset(Domains.Microsoft, 1);
        return model;
    }
}
