namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of LSTM, GRU and RNN.</summary>
public sealed class RecurrentGradientTests
{
    private const int Steps = 4;
    private const int Batch = 3;
    private const int Width = 2;
    private const int Hidden = 3;

    private static readonly string[] Operators = ["LSTM", "GRU", "GRU linear_before_reset", "RNN"];

    public static MatrixTheoryData<string, string, bool, bool> AllLayers() =>
        new(Operators, ["forward", "reverse", "bidirectional"], [false, true], [false, true]);

    public static MatrixTheoryData<string, int> AllOutputs() => new(Operators, [0, 1, 2]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllLayers))]
    public void EveryDirection(string operation, string direction, bool hasLengths, bool isComplete)
    {
        int[] lengths = hasLengths ? [2, Steps, 1] : [Steps, Steps, Steps];
        var layer = new RecurrentReference(operation, direction, lengths, Steps, Width, Hidden);
        var net = Net(operation, direction, hasLengths, isComplete, isComplete);
        var outputs = operation == "LSTM" ? "y last cell" : "y last";
        OperatorGradients.Verify(net(outputs).Output(outputs.Split(' ')), reference: layer.Outputs);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(AllOutputs))]
    public void EachOutputAlone(string operation, int output)
    {
        if (output == 2 && operation != "LSTM")
            output = 0;
        var layer = new RecurrentReference(operation, "bidirectional", [Steps, Steps, Steps], Steps, Width, Hidden);
        var names = string.Join(' ', Enumerable.Range(0, output + 1).Select(index => index == output ? "y" : "_"));
        var net = Net(operation, "bidirectional", false, true, true)(names).Output("y");
        OperatorGradients.Verify(net, reference: inputs => [layer.Outputs(inputs)[output]]);
    }

    [Theory]
    [InlineData("LSTM", "clip", 1f, "it clips its gates")]
    [InlineData("LSTM", "input_forget", 1L, "its input gate and forget gate are coupled")]
    [InlineData("GRU", "layout", 1L, "its layout is not supported")]
    public void AttributesWithoutAGradient(string operation, string attribute, object value, string reason)
    {
        var net = Net(operation, "forward", false, false, false, (attribute, value))("y last").Output("last");
        Assert.Equal(reason, OperatorGradients.WhyNot(net));
    }

    [Theory]
    [InlineData("LSTM", 3)]
    [InlineData("GRU", 2)]
    [InlineData("RNN", 1)]
    public void OtherActivationsHaveNoGradient(string operation, int count)
    {
        var net = Net(operation, "forward", false, false, false, ("activations", (string[])[.. Enumerable.Repeat("Relu", count)]))("y last").Output("last");
        Assert.Equal("its activations are not the default ones", OperatorGradients.WhyNot(net));
    }

    [Fact]
    public void PeepholesHaveNoGradient()
    {
        var net = Start("LSTM", 1).Input("p", 1, 3 * Hidden).Node("LSTM", "x w r _ _ _ _ p", "y", ("hidden_size", (long)Hidden)).Output("y");
        Assert.Equal("it has peepholes", OperatorGradients.WhyNot(net));
    }

    private static Func<string, Net> Net(
        string operation,
        string direction,
        bool hasLengths,
        bool hasBias,
        bool hasInitial,
        params (string Name, object Value)[] attributes
    )
    {
        var (op, directions) = (operation.Split(' ')[0], direction == "bidirectional" ? 2 : 1);
        var net = Start(op, directions);
        if (hasBias)
            net.Input("b", directions, 2 * RecurrentReference.Gates(op) * Hidden);
        if (hasLengths)
            net.Constant("lengths", [Batch], 2, Steps, 1);
        if (hasInitial)
            net.Input("h", directions, Batch, Hidden);
        if (hasInitial && op == "LSTM")
            net.Input("c", directions, Batch, Hidden);
        var inputs = $"x w r {(hasBias ? "b" : "_")} {(hasLengths ? "lengths" : "_")} {(hasInitial ? "h" : "_")}{(hasInitial && op == "LSTM" ? " c" : "")}";
        (string, object)[] linear = operation.EndsWith("linear_before_reset", StringComparison.Ordinal) ? [("linear_before_reset", 1L)] : [];
        return outputs => net.Node(op, inputs, outputs, [("hidden_size", (long)Hidden), ("direction", direction), .. linear, .. attributes]);
    }

    private static Net Start(string op, int directions) =>
        new Net(21)
            .Input("x", Steps, Batch, Width)
            .Input("w", directions, RecurrentReference.Gates(op) * Hidden, Width)
            .Input("r", directions, RecurrentReference.Gates(op) * Hidden, Hidden);
}
