using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class NestedScopesTests
{
    [Theory]
    [InlineData("int8-weights", 38)]
    [InlineData("float16-weights", 64)]
    [InlineData("int8-dynamic", 30)]
    public void Weights_in_the_body_of_a_loop_are_stored_small(string step, double decibels)
    {
        Ort.SkipWhereSharedProductsSaturate();
        var body = new GraphProto
        {
            Name = "body",
            Node =
            {
                Net.Make("Identity", "go", "on"),
                Net.Make("MatMul", "state inner", "m"),
                Net.Make("MatMul", "m outer", "n"),
                Net.Make("Tanh", "n", "next"),
            },
            Initializer = { new Net().Weight("inner", 48, 48).Build().Proto.Graph.Initializer },
            Input = { new Net().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("state", 2, 48).Build().Proto.Graph.Input },
            Output = { new Net().Input("on", DataType.Bool).Input("next", 2, 48).Build().Proto.Graph.Input },
        };
        var model = new Net()
            .Input("x", 2, 48)
            .Weight("outer", 48, 48)
            .Constant("rounds", [], 3L)
            .Constant("yes", [], true)
            .Node("Loop", "rounds yes x", "y", ("body", body))
            .Output("y")
            .Build();

        var stored = Steps.Run(model, step, out var report);

        Assert.Equal(2, Assert.Single(report.Changes).Value);
        Assert.InRange(stored.ToBytes().Length, 1, model.ToBytes().Length * 0.6);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(stored)), decibels, double.PositiveInfinity);
        var operators = Steps.Operators(Ort.Optimized(stored));
        Assert.DoesNotContain("Cast", operators, StringComparison.Ordinal);
        Assert.DoesNotContain("Mul ", operators, StringComparison.Ordinal);
        Assert.Equal(step == "int8-dynamic", operators.Contains("DynamicQuantizeMatMul*2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("optimize")]
    [InlineData("int8-weights")]
    [InlineData("int8-dynamic")]
    public void Functions_of_the_model_are_written_out(string step)
    {
        var model = new Net()
            .Input("x", 2, 48)
            .Weight("w", 48, 48)
            .Add(Nodes.Create("Half", ["x"], ["h"], domain: "local"))
            .Node("MatMul", "h w", "y")
            .Output("y")
            .Build();
        model.ImportOpset("local", 1);
        model.Proto.Functions.Add(
            new FunctionProto
            {
                Name = "Half",
                Domain = "local",
                Input = { "a" },
                Output = { "b" },
                OpsetImport =
                {
                    new OperatorSetIdProto { Domain = "", Version = 17 },
                },
                Node = { Net.Make("Constant", "", "w_int8", ("value_float", 0.5f)), Net.Make("Identity", "a", "c"), Net.Make("Mul", "c w_int8", "b") },
            }
        );

        var stored = Steps.Run(model, step);

        Assert.Empty(stored.Proto.Functions);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(stored)), 30, double.PositiveInfinity);
    }

    [Fact]
    public void Every_bit_pattern_of_a_float_is_rounded_to_the_nearest_half()
    {
        // The values are near each power of two of float16. They include halves of the last bit, the neighbours of these halves, and values below the
        // smallest one.
        var values = Enumerable
            .Range(-27, 43)
            .SelectMany(exponent => Enumerable.Range(-40, 81).Select(i => MathF.ScaleB(1 + i / 4096f / 8, exponent)))
            .Where(value => value < 65000)
            .Concat(Noise.Floats(5000, scale: 30000))
            .ToArray();
        var model = new Net().Input("x", 1, values.Length).Constant("w", [values.Length, 1], values).Node("MatMul", "x w", "y").Output("y").Build();

        var stored = Steps.Run(model, "float16-weights");

        var halves = Assert.Single(stored.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Float16);
        Assert.Equal(values.Select(value => (Half)value), halves.Span<Half>().ToArray());
    }
}
