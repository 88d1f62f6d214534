using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Receipts;

/// <summary>Tests that a receipt states how a node computes after all steps, no matter which step changed it.</summary>
public sealed class NodesOverStepsTests : IDisposable
{
    private static readonly (string Step, string Became)[] LaterSteps =
    [
        ("float16-weights", "stored in float16"),
        ("int8-weights", "stored in int8"),
        ("int8-blocks", "stored in int8"),
        ("int4(last-layer-bits=4)", "stored in int4"),
        ("int8-dynamic", "integers"),
        ("optimize", "float"),
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Steps()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var op in new[] { "MatMul", "Gemm" })
        foreach (var (step, became) in LaterSteps)
            rows.Add(op, step, became);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_layer_that_int8_leaves_in_float_has_the_form_of_a_later_step(string op, string step, string became)
    {
        var net = Start().Node("Relu", "h", "r").Weight("w", 64, 64).Add(Nodes.Create(op, ["r", "w"], ["p"], "product"));

        var nodes = Compress(net, $"int8(min-max, everywhere=true, exclude=product) {step}", "cpu-x64");

        Assert.Equal((op, became), (nodes["product"].Operator, nodes["product"].Became));
        Assert.NotEqual("float", nodes["first"].Became);
    }

    [Theory]
    [InlineData("float16")]
    [InlineData("bfloat16")]
    public void A_layer_that_int8_leaves_in_float_computes_in_16_bits_after_such_a_step(string step)
    {
        var nodes = Compress(Start().Node("Relu", "h", "p"), $"int8(min-max, exclude=first) {step}", "cuda");

        Assert.Equal(step, nodes["first"].Became);
    }

    public void Dispose() => _folder.Dispose();

    private static Net Start() => new Net(opset: 21).Input("x", -1, 64).Weight("v", 64, 64).Add(Nodes.Create("MatMul", ["x", "v"], ["h"], "first"));

    private Dictionary<string, NodeFacts> Compress(Net net, string recipe, string target)
    {
        var model = net.Node("Softsign", "p", "y").Output("y", DataType.Float, -1, 64).Save(_folder.File("model.onnx"));
        var request = new CompressionRequest(model, _folder.File("small.onnx"))
        {
            Recipe = RecipeParser.Parse(recipe),
            CalibrationData = [Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([64, 64], Noise.Floats(64 * 64))))],
            Target = TargetProfile.Parse(target),
            Budget = new FidelityBudget(MaxAccuracyLoss: 1, MinSqnr: 0),
        };
        var receipt = Compressor.Compress(request, cancellationToken: TestContext.Current.CancellationToken);
        return receipt.Steps.Single(step => step.Step.StartsWith("int8(", StringComparison.Ordinal)).Nodes.ToDictionary(node => node.Name);
    }
}
