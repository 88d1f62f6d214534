using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class LayerRowsTests
{
    [Theory]
    [InlineData("3,4,9,8", "5,4,3,3", "")]
    [InlineData("2,4,9,8", "6,2,3,2", "group=2 pads=1,0,2,1")]
    [InlineData("2,4,9,8", "4,1,3,3", "group=4 pads=1,1,1,1 strides=2,1")]
    [InlineData("1,3,11,12", "2,3,3,3", "dilations=2,3 pads=2,2,2,2")]
    [InlineData("2,3,10,7", "2,3,4,3", "auto_pad=SAME_UPPER strides=3,2")]
    [InlineData("2,3,10,7", "2,3,4,2", "auto_pad=SAME_LOWER strides=1,2")]
    [InlineData("2,3,10,7", "2,3,4,3", "auto_pad=VALID strides=2,2")]
    [InlineData("2,3,20", "4,3,5", "pads=2,1 strides=2")]
    [InlineData("2,2,5,6,4", "3,2,2,3,2", "pads=1,0,1,0,1,1 strides=1,2,1")]
    public void Patches_times_weights_are_what_ONNX_Runtime_convolves(string inputShape, string weightShape, string attributes)
    {
        var (shape, weight) = (Longs(inputShape), Longs(weightShape));
        var net = new Net()
            .Input("x", shape)
            .Weight("w", weight)
            .Weight("b", weight[0])
            .Node("Conv", "x w b", "y", [.. attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Attribute)])
            .Output("y");

        Check(net, shape, weight, matrix: weights => weights);
    }

    [Theory]
    [InlineData("Gemm", "7,6", "6,4", "")]
    [InlineData("Gemm", "6,7", "6,4", "transA=1")]
    [InlineData("Gemm", "7,6", "4,6", "transB=1")]
    [InlineData("MatMul", "7,6", "6,4", "")]
    [InlineData("MatMul", "2,3,5,6", "6,4", "")]
    [InlineData("MatMul", "6", "6,4", "")]
    public void Rows_times_weights_are_what_ONNX_Runtime_multiplies(string op, string inputShape, string weightShape, string attributes)
    {
        var (shape, weight) = (Longs(inputShape), Longs(weightShape));
        var net = new Net()
            .Input("x", shape)
            .Weight("w", weight)
            .Weight("b", 4)
            .Node(
                op,
                op == "Gemm" ? "x w b" : "x w",
                op == "Gemm" ? "y" : "m",
                [.. attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Attribute)]
            );
        if (op == "MatMul")
            net.Node("Add", "m b", "y");

        Check(net.Output("y"), shape, weight, matrix: weights => attributes == "transB=1" ? weights : Transpose(weights, rows: 6));
    }

    [Fact]
    public void A_stride_takes_one_row_of_each_window_at_changing_places()
    {
        var rows = LayerRows.Of(Net.Make("MatMul", "x w", "y"), [1, 1]);
        var numbers = Tensor([1000, 1], Array.ConvertAll([.. Enumerable.Range(0, 1000)], i => (float)i));

        var (first, targets) = rows.Take(numbers, numbers, group: 0, stride: 7, call: 0);
        var (second, _) = rows.Take(numbers, numbers, group: 0, stride: 7, call: 1);

        Assert.Equal(first, targets);
        Assert.InRange(first.Length, 1000 / 7, 1000 / 7 + 1);
        Assert.NotEqual(first, second);
        for (var i = 0; i < first.Length; i++)
            Assert.InRange(first[i], i * 7, i * 7 + 6);
        Assert.All(Enumerable.Range(0, 7), place => Assert.InRange(first.Count(value => value % 7 == place), 10, 35));
    }

    private static void Check(Net net, long[] shape, long[] weightShape, Func<float[], float[]> matrix)
    {
        var model = net.Build();
        var graph = new Graph(model);
        var layer = graph.Nodes[0];
        var x = Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: 21);
        using var value = OrtValue.CreateTensorValueFromMemory(x, shape);
        using var session = new InferenceSession(model.ToBytes());
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [value], ["y"]);
        var y = Tensor(results[0].GetTensorTypeAndShape().Shape, results[0].GetTensorDataAsSpan<float>());

        var rows = LayerRows.Of(layer, weightShape, (int)layer.GetInt("group", 1));
        var (groups, outputs) = ((int)layer.GetInt("group", 1), layer.OpType == "Conv" ? (int)weightShape[0] : 4);
        var weights = matrix(Constant(graph, "w"));
        var bias = Constant(graph, "b");
        var inputs = weights.Length / outputs;
        for (var group = 0; group < groups; group++)
        {
            var (seen, answers) = rows.Take(Tensor(shape, x), y, group, stride: 1, call: 0);
            var share = outputs / groups;
            var expected = Problems.Answers(
                seen,
                weights[(group * share * inputs)..((group + 1) * share * inputs)],
                bias[(group * share)..((group + 1) * share)],
                inputs
            );
            Assert.Equal(rows.Count(y.Shape) * share, answers.Length);
            Assert.Equal(expected.Length, answers.Length);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], answers[i], 1e-5f);
        }
    }

    private static float[] Constant(Graph graph, string name) =>
        graph.TryGetConstant(name, out var tensor) ? tensor.ToFloats() : throw new InvalidOperationException(name);

    private static float[] Transpose(float[] matrix, int rows) =>
        [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % rows * (matrix.Length / rows) + i / rows])];

    private static SampleArray Tensor(long[] shape, ReadOnlySpan<float> values) => new(DataType.Float, shape, MemoryMarshal.AsBytes(values).ToArray());

    private static long[] Longs(string text) => [.. text.Split(',').Select(long.Parse)];

    private static (string Name, object Value) Attribute(string text)
    {
        var (name, value) = (text.Split('=')[0], text.Split('=')[1]);
        return (
            name,
            name == "auto_pad" ? value
            : name is "group" or "transA" or "transB" ? long.Parse(value)
            : Longs(value)
        );
    }
}
