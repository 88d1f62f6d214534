using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class KindRulesTests
{
    private static Net Images => new Net().Input("x", 2, 3, 32, 32);

    private static Net Tokens =>
        new Net()
            .Input("ids", DataType.Int64, -1, -1)
            .Input("attention_mask", DataType.Int64, -1, -1)
            .Weight("table", 50, 32)
            .Constant("scale", [32], [.. Enumerable.Repeat(1f, 32)])
            .Node("Gather", "table ids", "h");

    public static IEnumerable<ITheoryDataRow> Models { get; } =
        new TheoryData<string, FidelityKind, int?>()
        {
            { "softmax [N, C]", FidelityKind.Scores, 1 },
            { "softmax [N, C, 1, 1]", FidelityKind.Scores, 1 },
            { "softmax [N, C, H, W]", FidelityKind.Scores, 1 },
            { "softmax [N, T, C] of ids", FidelityKind.Scores, 2 },
            { "log-softmax [N, T, C] of sound", FidelityKind.Tokens, 1 },
            { "log-softmax [T, N, C] of sound", FidelityKind.Tokens, 0 },
            { "sigmoid [N, C]", FidelityKind.Probabilities, 1 },
            { "logits by name", FidelityKind.Scores, 1 },
            { "bare [N, C]", FidelityKind.Numbers, 1 },
            { "pooled [N, D, 1, 1]", FidelityKind.Embedding, 1 },
            { "pooled and flat [N, D]", FidelityKind.Embedding, 1 },
            { "hidden [N, T, D]", FidelityKind.Embedding, null },
            { "normalized [N, T, D]", FidelityKind.Embedding, null },
            { "image", FidelityKind.Image, null },
            { "sound", FidelityKind.Waveform, 1 },
        };

    [Theory]
    [MemberData(nameof(Models))]
    internal void What_an_output_holds_is_found(string model, FidelityKind kind, int? classAxis)
    {
        var part = Assert.Single(Plan(Build(model)).Parts);

        Assert.Equal((kind, classAxis), (part.Kind, part.ClassAxis));
    }

    [Theory]
    [InlineData(true, FidelityKind.Embedding)]
    [InlineData(false, FidelityKind.Numbers)]
    internal void The_vector_beside_the_states_of_a_text_is_an_embedding(bool hasStates, FidelityKind kind)
    {
        var model = Tokens
            .Weight("w", 32, 32)
            .Node("ReduceMean", "h", "m", ("axes", new long[] { 1 }), ("keepdims", 0))
            .Node("MatMul", "m w", "p")
            .Node("Tanh", "p", "y")
            .Output("y", DataType.Float, -1, 32);
        if (hasStates)
            model.Output("h", DataType.Float, -1, -1, 32);

        Assert.Equal(kind, Plan(model).Parts.Single(part => part.Output == "y").Kind);
    }

    [Theory]
    [InlineData("bare [N, C]", 10, FidelityKind.Scores)]
    [InlineData("sigmoid [N, C]", 10, FidelityKind.Scores)]
    [InlineData("bare [N, C]", 9, FidelityKind.Numbers)]
    [InlineData("pooled [N, D, 1, 1]", 16, FidelityKind.Scores)]
    internal void Labels_of_the_project_say_which_output_has_classes(string model, int labels, FidelityKind kind) =>
        Assert.Equal(kind, Assert.Single(Plan(Build(model), labels: labels).Parts).Kind);

    [Theory]
    [InlineData("hidden [N, T, D]", "attention_mask")]
    [InlineData("softmax [N, T, C] of ids", "attention_mask")]
    [InlineData("bare [N, C]", null)]
    public void The_mask_says_which_positions_count(string model, string? mask) => Assert.Equal(mask, Assert.Single(Plan(Build(model)).Parts).Mask);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_user_has_the_last_word(string kind)
    {
        var part = Assert.Single(Plan(Build("softmax [N, T, C] of ids"), $"y:{kind}").Parts);

        Assert.Equal(kind, FidelityKinds.Name(part.Kind));
        Assert.True(part.IsGiven);
    }

    [Theory]
    [InlineData("y:tokens", "'y' tokens, which needs three axes")]
    [InlineData("z:numbers", "names 'z'")]
    [InlineData("yy:numbers", "Did you mean 'y'?")]
    [InlineData("y:score", "Did you mean 'scores'?")]
    [InlineData("y", "'y' must be an output and its kind")]
    [InlineData(" ; ", "names no output")]
    [InlineData("y:scores; y:numbers", "names the output 'y' twice")]
    public void What_is_no_choice_is_an_error(string fidelity, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => Plan(Build("bare [N, C]"), fidelity));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Kinds() => [.. FidelityKinds.Names];

    [Fact]
    public void Names_of_outputs_may_hold_colons() => Assert.Equal(FidelityKind.Boxes, FidelityKinds.Parse(" Identity:0:boxes ;").Of("Identity:0"));

    private static OutputPlan Plan(Net net, string? fidelity = null, int labels = 0)
    {
        var model = net.Build();
        var shapes = model.Proto.Graph.Input.ToDictionary(
            input => input.Name,
            input => input.Type.TensorType.Shape.Dim.Select(size => size.DimValue > 0 ? size.DimValue : 3).ToArray(),
            StringComparer.Ordinal
        );
        return OutputPlan.Of(model, shapes, new OutputHints(FidelityKinds.Parse(fidelity), labels));
    }

    private static Net Build(string model) =>
        model switch
        {
            "softmax [N, C]" => Flat().Node("Softmax", "h", "y").Output("y", DataType.Float, -1, 10),
            "softmax [N, C, 1, 1]" => Pooled().Node("Softmax", "p", "y", ("axis", 1)).Output("y", DataType.Float, 2, 16, 1, 1),
            "softmax [N, C, H, W]" => Convolved().Node("Softmax", "h", "y", ("axis", 1)).Output("y", DataType.Float, 2, 16, 32, 32),
            "softmax [N, T, C] of ids" => Tokens.Node("Softmax", "h", "y").Output("y", DataType.Float, -1, -1, 32),
            "log-softmax [N, T, C] of sound" => Sound().Node("LogSoftmax", "h", "y").Output("y", DataType.Float, -1, -1, 10),
            "log-softmax [T, N, C] of sound" => Sound()
                .Node("Transpose", "h", "t", ("perm", new long[] { 1, 0, 2 }))
                .Node("LogSoftmax", "t", "y")
                .OpenOutput("y", "time", "batch", "10"),
            "sigmoid [N, C]" => Flat().Node("Sigmoid", "h", "y").Output("y", DataType.Float, -1, 10),
            "logits by name" => Flat().Node("Identity", "h", "my_logits").Output("my_logits", DataType.Float, -1, 10),
            "bare [N, C]" => Flat().Node("Identity", "h", "y").Output("y", DataType.Float, -1, 10),
            "pooled [N, D, 1, 1]" => Pooled().Node("Identity", "p", "y").Output("y", DataType.Float, 2, 16, 1, 1),
            "pooled and flat [N, D]" => Pooled().Node("Flatten", "p", "y").Output("y", DataType.Float, 2, 16),
            "hidden [N, T, D]" => Tokens.Node("Identity", "h", "last_hidden_state").Output("last_hidden_state", DataType.Float, -1, -1, 32),
            "normalized [N, T, D]" => Tokens.Node("LayerNormalization", "h scale", "y").Output("y", DataType.Float, -1, -1, 32),
            "image" => Images.Weight("w", 3, 3, 3, 3).Node("Conv", "x w", "y", ("pads", new long[] { 1, 1, 1, 1 })).Output("y", DataType.Float, 2, 3, 32, 32),
            _ => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "audio").Output("audio", DataType.Float, -1, 64),
        };

    private static Net Flat() => new Net().Input("x", -1, 8).Weight("w", 8, 10).Node("MatMul", "x w", "h");

    private static Net Sound() => new Net().OpenInput("x", "batch", "time", "8").Weight("w", 8, 10).Node("MatMul", "x w", "h");

    private static Net Convolved() => Images.Weight("w", 16, 3, 3, 3).Node("Conv", "x w", "h", ("pads", new long[] { 1, 1, 1, 1 }));

    private static Net Pooled() => Convolved().Node("GlobalAveragePool", "h", "p");
}
