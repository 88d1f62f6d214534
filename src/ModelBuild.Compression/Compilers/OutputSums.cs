using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Compilers;

/// <summary>
/// Sums the squares of the values and of the differences of one output that holds floats: of all values, and of each slice of the second and of the last axis.
/// A slice is all values with the same index of the axis, such as one channel or one class.
/// </summary>
internal sealed class OutputSums
{
    // Errors are summed for each slice along an axis only if the axis has at most this number of slices.
    private const int MaxSlices = 4096;

    // The least average power of a slice, as a share of the average power of the output, that the ratio of the slice is computed with. Small values of a slice
    // have the rounding errors of the larger sums that they are computed from.
    private const double LeastPower = 0.01;

    private readonly Dictionary<int, (double[] Signal, double[] Noise, long[] Count)> _slices = [];
    private double _signal;

    /// <summary>The sum of the squared differences between the outputs of the original and the exported model.</summary>
    public double Noise { get; private set; }

    /// <summary>The number of finite values in the output of the original.</summary>
    public long Finite { get; private set; }

    /// <summary>The ratio of signal to noise of all values of the output, in dB.</summary>
    public double SqnrDb => Decibels.Of(_signal, Noise);

    /// <summary>The lowest ratio of signal to noise of a slice, whose signal counts at least as a hundredth of the average signal.</summary>
    public double SliceDb => _slices.Values.SelectMany(Ratios).Append(SqnrDb).Min();

    /// <summary>Marks the output as completely wrong: its noise becomes infinite.</summary>
    public void Fail() => Noise = double.PositiveInfinity;

    /// <summary>Adds the values that the original and the exported model compute for the output in one call. Both have the same shape.</summary>
    public void Add(OutputValues original, OutputValues exported)
    {
        var axes = Axes(original.Shape).Select(axis => (Slices: Of(axis, original.Shape[axis]), Stride: Stride(original.Shape, axis))).ToArray();
        for (var i = 0; i < original.Numbers.Length; i++)
        {
            var (x, y) = (original.Numbers[i], exported.Numbers[i]);
            var isFinite = double.IsFinite(x);
            var signal = isFinite ? x * x : 0;
            var noise = x.Equals(y) ? 0 : (x - y) * (x - y);
            if (double.IsNaN(noise))
                noise = double.PositiveInfinity;
            _signal += signal;
            Noise += noise;
            Finite += isFinite ? 1 : 0;
            foreach (var (slices, stride) in axes)
            {
                var index = i / stride % slices.Signal.Length;
                slices.Signal[index] += signal;
                slices.Noise[index] += noise;
                slices.Count[index]++;
            }
        }
    }

    private IEnumerable<double> Ratios((double[] Signal, double[] Noise, long[] Count) slices)
    {
        var least = _signal / Math.Max(1, slices.Count.Sum()) * LeastPower;
        return slices.Signal.Select((signal, i) => Decibels.Of(Math.Max(signal, least * slices.Count[i]), slices.Noise[i]));
    }

    private static IEnumerable<int> Axes(long[] shape) =>
        new[] { 1, shape.Length - 1 }.Where(axis => axis > 0 && axis < shape.Length && shape[axis] is > 1 and <= MaxSlices).Distinct();

    private static long Stride(long[] shape, int axis) => shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);

    private (double[] Signal, double[] Noise, long[] Count) Of(int axis, long size)
    {
        if (!_slices.TryGetValue(axis, out var slices) || slices.Signal.Length != size)
            _slices[axis] = slices = (new double[size], new double[size], new long[size]);
        return slices;
    }
}
