using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Preparation;

public sealed class ModelParametersTests
{
    // Each entry has a model, and its parameters separated by spaces.
    private static readonly Dictionary<string, (Func<Net> Net, string Parameters)> Models = new(StringComparer.Ordinal)
    {
        ["Conv"] = (() => Image().Weight("w", 3, 2, 3, 3).Weight("b", 3).Node("Conv", "x w b", "y"), "w b"),
        ["ConvTranspose"] = (() => Image().Weight("w", 2, 3, 3, 3).Weight("b", 3).Node("ConvTranspose", "x w b", "y"), "w b"),
        ["Gemm"] = (() => Rows().Weight("w", 4, 3).Weight("b", 3).Node("Gemm", "x w b", "y"), "w b"),
        ["MatMul"] = (() => Rows().Weight("w", 4, 3).Node("MatMul", "x w", "y"), "w"),
        ["moved weight"] = (() => Rows().Weight("w", 3, 4).Node("Transpose", "w", "t").Node("Identity", "t", "i").Node("MatMul", "x i", "y"), "w"),
        ["weight in a node"] = (() => Rows().ConstantNode("w", Net.Tensor([4, 1], 1f, 2, 3, 4)).Node("MatMul", "x w", "y"), "w"),
        ["bias"] = (() => Rows().Weight("w", 4, 3).Node("MatMul", "x w", "m").Weight("b", 3).Node("Add", "b m", "y"), "w b"),
        ["scale"] = (() => Rows().Weight("w", 4, 3).Node("MatMul", "x w", "m").Weight("s", 3).Node("Mul", "m s", "y"), "w s"),
        ["single numbers"] = (
            () =>
                Rows()
                    .Weight("w", 4, 3)
                    .Node("MatMul", "x w", "m")
                    .Constant("e", [], 1e-5f)
                    .Node("Add", "m e", "a")
                    .Constant("d", [1], 8f)
                    .Node("Div", "a d", "y"),
            "w"
        ),
        ["pixels"] = (() => Image().Weight("mean", 1, 2, 1, 1).Node("Sub", "x mean", "n").Weight("w", 3, 2, 3, 3).Node("Conv", "n w", "y"), "w"),
        ["mask"] = (() => Rows().Weight("w", 4, 3).Node("MatMul", "x w", "m").Constant("mask", [3], 0f, float.MinValue, 0).Node("Add", "m mask", "y"), "w"),
        ["exponent"] = (() => Rows().Weight("w", 4, 3).Node("MatMul", "x w", "m").Weight("p", 3).Node("Pow", "m p", "y"), "w"),
        ["bounds"] = (() => Rows().Weight("w", 4, 3).Node("MatMul", "x w", "m").Constant("a", [], 0f).Constant("b", [], 6f).Node("Clip", "m a b", "y"), "w"),
        ["scales of Resize"] = (
            () => Image().Weight("w", 3, 2, 3, 3).Node("Conv", "x w", "c").Constant("s", [4], 1f, 1, 2, 2).Node("Resize", "c _ s", "y"),
            "w"
        ),
        ["normalization"] = (
            () => Image().Weight("s", 2).Weight("b", 2).Weight("m", 2).Constant("v", [2], 1f, 2).Node("BatchNormalization", "x s b m v", "y"),
            "s b"
        ),
        ["layer normalization"] = (() => Rows().Weight("s", 4).Weight("b", 4).Node("LayerNormalization", "x s b", "y"), "s b"),
        ["slope"] = (() => Image().Weight("s", 2, 1, 1).Node("PRelu", "x s", "y"), "s"),
        ["states of an LSTM"] = (
            () =>
                new Net()
                    .Input("x", 5, 1, 3)
                    .Weight("w", 1, 8, 3)
                    .Weight("r", 1, 8, 2)
                    .Weight("b", 1, 16)
                    .Weight("h0", 1, 1, 2)
                    .Weight("c0", 1, 1, 2)
                    .Weight("p", 1, 6)
                    .Node("LSTM", "x w r b _ h0 c0 p", "y", ("hidden_size", 2)),
            "w r b p"
        ),
        ["embedding"] = (() => new Net().Input("x", DataType.Int64, 1, 4).Weight("t", 10, 3).Node("Gather", "t x", "y"), "t"),
        ["positions"] = (
            () => new Net().Input("x", DataType.Int64, 1, 4).Weight("t", 10, 3).Node("Gather", "t x", "g").Weight("p", 1, 4, 3).Node("Add", "g p", "y"),
            "t p"
        ),
        ["class token"] = (() => Rows().Weight("w", 4, 3).Node("MatMul", "x w", "m").Weight("c", 1, 3).Node("Concat", "c m", "y", ("axis", 0)), "w c"),
        ["shared with a statistic"] = (
            () => Image().Weight("s", 2).Constant("z", [2], 0f, 0).Constant("v", [2], 1f, 2).Node("BatchNormalization", "x s z z v", "y"),
            "s"
        ),
        ["integers"] = (() => Rows().Constant("w", [4, 1], 1.0, 2, 3, 4).Node("Cast", "x", "c", ("to", 11)).Node("MatMul", "c w", "y"), ""),
    };

    public static TheoryData<string> Names { get; } = [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_the_constants_at_inputs_for_weights(string name)
    {
        var (net, parameters) = Models[name];

        Assert.Equal(
            parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            new ModelParameters(new Graph(net().Output("y").Build()), new HashSet<string>()).Find()
        );
    }

    [Fact]
    public void Values_of_parameters_return_to_the_original_and_nothing_else_does()
    {
        var model = Models["single numbers"].Net().ConstantNode("k", Net.Tensor([3], 1f, 2, 3)).Node("Mul", "y k", "z").Output("z").Build();
        var expected = model.Clone();
        var opened = TrainableModel.Open(model, RandomRows.Of(model, 3), keepsZeros: false, CancellationToken.None);
        Assert.Equal(["w", "k"], opened.Parameters);
        var values = opened.Values();
        foreach (var parameter in values.Select(value => value.Input))
            parameter.Values.AsSpan().Fill(parameter.Name == "w" ? 0.5f : -1);

        Trained(values).Apply(model);

        Replace(expected, "w", Enumerable.Repeat(0.5f, 12));
        Replace(expected, "k", Enumerable.Repeat(-1f, 3));
        Assert.Equal(expected.ToBytes(), model.ToBytes());
    }

    [Fact]
    public void Weights_of_branches_are_parameters_and_return_to_their_branch()
    {
        var then = new Net().ConstantNode("v", Net.Tensor([4, 1], 1f, 2, 3, 4)).Node("MatMul", "x v", "t").Output("t");
        var otherwise = new Net().Weight("w", 4, 1).Constant("half", [1], 0.5f).Node("MatMul", "x w", "m").Node("Mul", "m half", "e").Output("e");
        var model = Rows().Condition("x", "c").If("c", "y", then, otherwise).Output("y").Build();
        var expected = model.Clone();

        var opened = TrainableModel.Open(model, RandomRows.Of(model, 3), keepsZeros: false, CancellationToken.None);
        Assert.Equal(["v", "w"], opened.Parameters.Order(StringComparer.Ordinal));
        var values = opened.Values();
        foreach (var parameter in values.Select(value => value.Input))
            parameter.Values.AsSpan().Fill(parameter.Name == "w" ? 0.5f : -1);
        Trained(values).Apply(model);

        Replace(expected, "v", Enumerable.Repeat(-1f, 4));
        Replace(expected, "w", Enumerable.Repeat(0.5f, 4));
        Assert.Equal(expected.ToBytes(), model.ToBytes());
    }

    [Fact]
    public void Parameters_keep_their_values_when_the_model_is_opened()
    {
        var model = Models["layer normalization"].Net().Output("y").Build();

        Parameter[] parameters =
        [
            .. TrainableModel.Open(model, RandomRows.Of(model, 3), keepsZeros: false, CancellationToken.None).Values().Select(value => value.Input),
        ];

        Assert.Equal(["s", "b"], parameters.Select(parameter => parameter.Name));
        Assert.All(
            parameters,
            parameter => Assert.Equal(model.Proto.Graph.Initializer.Single(tensor => tensor.Name == parameter.Name).ToFloats(), parameter.Values)
        );
    }

    private static TrainedStep Trained(IReadOnlyList<TrainedValue> values) =>
        new("", [.. values.SelectMany(value => value.Constants())], new TrainingReport(0, 0, false, false, 0, 0, 0, [], new Dictionary<string, double>(), []));

    private static void Replace(OnnxModel model, string name, IEnumerable<float> values)
    {
        var scope = new Graph(model).SelfAndSubgraphs().First(scope => scope.IsConstant(name));
        Assert.True(scope.TryGetConstant(name, out var tensor));
        scope.ReplaceConstant(name, Tensors.Create(name, [.. tensor.Dims], values.ToArray()));
    }

    private static Net Rows() => new Net().Input("x", 1, 4);

    private static Net Image() => new Net().Input("x", 1, 2, 6, 6);
}
