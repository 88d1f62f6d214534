using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class ConvTransposeRowsTests
{
    [Theory]
    [InlineData("2,4,5,6", "4,3,3,3", "")]
    [InlineData("2,4,5,6", "4,4,3,2", "strides=2,3")]
    [InlineData("2,4,5,6", "4,3,3,3", "strides=2,2 pads=1,0,2,1 output_padding=1,1")]
    [InlineData("1,6,5,6", "6,2,3,2", "group=3 strides=2,1")]
    [InlineData("1,4,5,6", "4,1,3,3", "group=4 strides=2,2 pads=1,1,1,1")]
    [InlineData("1,4,5,6", "4,3,3,3", "group=4 dilations=2,1")]
    [InlineData("1,3,5,4", "3,2,3,3", "dilations=2,3 strides=3,2 pads=1,2,0,1")]
    [InlineData("1,3,5,4", "3,2,4,3", "auto_pad=SAME_UPPER strides=3,2")]
    [InlineData("1,3,5,4", "3,2,4,3", "auto_pad=SAME_LOWER strides=3,2")]
    [InlineData("1,3,5,4", "3,2,5,4", "auto_pad=VALID strides=2,2")]
    [InlineData("1,3,5,4", "3,2,4,3", "output_shape=11,8 strides=2,2")]
    [InlineData("1,3,5,4", "3,2,4,3", "output_shape=11,8 strides=2,2 auto_pad=SAME_UPPER")]
    [InlineData("2,3,7", "3,4,5", "strides=3 pads=1,2")]
    [InlineData("2,6,7", "6,3,4", "group=2 strides=2 output_padding=1")]
    [InlineData("2,2,3,4,2", "2,3,2,3,2", "strides=2,1,2 pads=1,0,1,0,1,0")]
    [InlineData("1,4,3,4,2", "4,2,2,3,2", "group=2 strides=1,2,2 output_padding=0,1,1")]
    public void Rows_times_weights_are_what_ONNX_Runtime_computes(string inputShape, string weightShape, string attributes)
    {
        var (shape, weight) = (Longs(inputShape), Longs(weightShape));
        var node = Net.Make("ConvTranspose", "x w b", "y", [.. attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Attribute)]);
        var groups = (int)node.GetInt("group", 1);
        var graph = new Graph(new Net().Input("x", shape).Weight("w", weight).Weight("b", weight[1] * groups).Add(node).Output("y").Build());
        var x = Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: 21);
        var y = Run(graph.Model, shape, x);

        var layout = WeightLayout.Of(node, graph.Constant("w"));
        var weights = layout.ToRows(graph.Constant("w").Span<float>());
        var bias = graph.Constant("b").ToFloats();
        var rows = LayerRows.Of(node, weight, groups);
        var share = layout.Outputs / groups;

        Assert.Equal(weight[1] * groups, layout.Outputs);
        Assert.Equal(graph.Constant("w").ToFloats(), layout.FromRows<float>(weights));
        for (var group = 0; group < groups; group++)
        {
            var (seen, answers) = rows.Take(new SampleArray(DataType.Float, shape, MemoryMarshal.AsBytes<float>(x).ToArray()), y, group, stride: 1, call: 0);
            var own = weights[(group * share * layout.Inputs)..((group + 1) * share * layout.Inputs)];
            var expected = Problems.Answers(seen, own, bias[(group * share)..((group + 1) * share)], layout.Inputs);
            Assert.Equal(rows.Count(y.Shape) * share, answers.Length);
            Assert.Equal(expected.Length, answers.Length);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], answers[i], 1e-5f);
        }
    }

    private static SampleArray Run(OnnxModel model, long[] shape, float[] x)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(x, shape);
        using var session = new InferenceSession(model.ToBytes());
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [value], ["y"]);
        return new SampleArray(
            DataType.Float,
            results[0].GetTensorTypeAndShape().Shape,
            MemoryMarshal.AsBytes(results[0].GetTensorDataAsSpan<float>()).ToArray()
        );
    }

    private static long[] Longs(string text) => [.. text.Split(',').Select(long.Parse)];

    private static (string Name, object Value) Attribute(string text)
    {
        var (name, value) = (text.Split('=')[0], text.Split('=')[1]);
        return (
            name,
            name == "auto_pad" ? value
            : name == "group" ? long.Parse(value)
            : Longs(value)
        );
    }
}
