using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Equalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

public sealed class HeldOutRowsTests
{
    private const int Width = 8;

    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 200)]
    [InlineData(40, 64)]
    public void Rows_are_bounded_and_those_of_padding_are_left_out(int calls, int positions)
    {
        var samples = new ListedSamples([.. Enumerable.Range(0, calls).Select(call => Padded(call, positions))]);
        var model = new Net()
            .Input("x", -1, -1, Width)
            .Input("attention_mask", DataType.Int64, -1, -1)
            .Node("Neg", "x", "n")
            .Node("Abs", "n", "y")
            .Output("y")
            .Build();
        var context = new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = new CalibrationContext(samples, threads: 2) };

        var seen = HeldOutRows.Of(
            context,
            new Dictionary<string, int>
            {
                ["x"] = Width,
                ["n"] = Width,
                ["y"] = Width + 1,
            },
            samples
        );

        Assert.Equal(["n", "x"], seen.Keys.Order());
        foreach (var (value, sign) in new[] { ("x", 1), ("n", -1) })
        {
            Assert.All(seen[value], call => Assert.All(call.Rows, number => Assert.InRange(number * sign, -1, 1)));
            // The range of a call covers all of its positions.
            Assert.All(seen[value], call => Assert.Equal(1000f, (sign > 0 ? call.Greatest : call.Least.Select(number => -number)).Max()));
            Assert.InRange(seen[value].Sum(call => call.Rows.Length / Width), Math.Min(calls * (positions / 2), 100), 288);
        }
    }

    [Fact]
    public void Calls_that_are_not_finite_are_left_out()
    {
        var values = Noise.Floats(4 * Width);
        values[3] = float.NaN;
        var samples = ListedSamples.Of("x", ([4, Width], Noise.Floats(4 * Width)), ([4, Width], values));
        var model = new Net().Input("x", -1, Width).Node("Neg", "x", "n").Node("Abs", "n", "y").Output("y").Build();
        var context = new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = new CalibrationContext(samples, threads: 1) };

        Assert.Single(HeldOutRows.Of(context, new Dictionary<string, int> { ["n"] = Width }, samples)["n"]);
    }

    // The second half of each sentence is padding.
    private static Sample Padded(int call, int positions)
    {
        var values = Noise.Floats(positions * Width, seed: call);
        var mask = new long[positions];
        for (var position = 0; position < positions; position++)
            if (position < positions / 2)
                mask[position] = 1;
            else
                values.AsSpan(position * Width, Width).Fill(1000);
        return new Sample(
            new Dictionary<string, SampleArray>
            {
                ["x"] = new(DataType.Float, [1, positions, Width], MemoryMarshal.AsBytes<float>(values).ToArray()),
                ["attention_mask"] = new(DataType.Int64, [1, positions], MemoryMarshal.AsBytes<long>(mask).ToArray()),
            },
            Labels: null
        );
    }
}
