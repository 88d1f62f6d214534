using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ModelBuild.Compression.Training.Differentiation.Operators;

namespace ModelBuild.Compression.Training.Blocked;

/// <summary>
/// Computes the gradient of the weights of a convolution from blocked values: for each pair of blocks and each tap of the kernel, the sum over all positions of
/// the outer product of the input's channels and the gradient's channels. ONNX Runtime has no fast operator for it. Each element is summed by one thread in a
/// fixed order, so that the result does not depend on the number of threads.
/// </summary>
/// <param name="Input">The sizes of the input: batch, channels, height, width.</param>
/// <param name="Output">The sizes of the output.</param>
/// <param name="Kernel">The height and width of the kernel.</param>
/// <param name="Strides">The strides.</param>
/// <param name="Dilations">The dilations.</param>
/// <param name="Pads">The padding at the top and the left.</param>
/// <param name="Block">The number of channels of a block.</param>
/// <param name="IsDepthwise">Whether each channel is convolved by itself.</param>
internal sealed record ConvWeightKernel(
    long[] Input,
    long[] Output,
    long[] Kernel,
    long[] Strides,
    long[] Dilations,
    long[] Pads,
    int Block,
    bool IsDepthwise
)
{
    // The kernels read vectors of eight channels; a block of sixteen is two of them.
    private const int Lanes = 8;

    // The sums of larger kernels are on the heap.
    private const int MaxStack = 4096;

    /// <summary>Creates the kernel for a window; null if the channels are not in whole blocks, or the convolution is not one of two spatial axes.</summary>
    public static ConvWeightKernel? Create(ConvWindow window)
    {
        var isDepthwise = window.Groups > 1 && window.Groups == window.Input[1] && window.Groups == window.Output[1];
        return
            window.Rank == 2
            && BlockedLayout.Fits(window.Input[1])
            && BlockedLayout.Fits(window.Output[1])
            && (window.Groups == 1 || isDepthwise)
            && window.Input.Concat(window.Output).All(size => size > 0)
            ? new ConvWeightKernel(
                window.Input,
                window.Output,
                window.Kernel,
                window.Strides,
                window.Dilations,
                window.Pads,
                BlockedLayout.BlockSize,
                isDepthwise
            )
            : null;
    }

    /// <summary>The number of independent parts.</summary>
    public int Parts => (int)(Output[1] / Lanes) * (IsDepthwise ? 1 : (int)(Input[1] / Lanes));

    /// <summary>Computes one part of the gradient.</summary>
    /// <param name="part">The index of the part.</param>
    /// <param name="input">The blocked input.</param>
    /// <param name="gradient">The blocked gradient of the output.</param>
    /// <param name="weights">Receives the gradient of the weights, [outputs, inputs of a group, height, width].</param>
    public void Run(int part, ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> weights)
    {
        var (outputs, inputs) = IsDepthwise ? (part, part) : (part / (int)(Input[1] / Lanes), part % (int)(Input[1] / Lanes));
        var taps = (int)(Kernel[0] * Kernel[1]);
        var size = taps * Lanes * (IsDepthwise ? 1 : Lanes);
        Span<float> sums = size <= MaxStack ? stackalloc float[size] : new float[size];
        sums.Clear();
        for (var n = 0; n < Input[0]; n++)
        {
            var x = Plane(input, Input, n, inputs);
            var g = Plane(gradient, Output, n, outputs);
            for (var tap = 0; tap < taps; tap++)
                if (IsDepthwise)
                    AddDepthwise(x, g, tap, sums.Slice(tap * Lanes, Lanes));
                else
                    AddProducts(x, g, tap, sums.Slice(tap * Lanes * Lanes, Lanes * Lanes));
        }

        Store(sums, outputs, inputs, taps, weights);
    }

    // A plane begins at the channels of the vector; its positions are a block apart.
    private ReadOnlySpan<float> Plane(ReadOnlySpan<float> values, long[] shape, int n, int vector)
    {
        var (perBlock, size) = (Block / Lanes, (int)(shape[2] * shape[3]) * Block);
        return values[((n * (int)(shape[1] / Block) + vector / perBlock) * size + vector % perBlock * Lanes)..];
    }

    private void AddProducts(ReadOnlySpan<float> x, ReadOnlySpan<float> g, int tap, Span<float> sums)
    {
        ref var sum = ref sums[0];
        var (s0, s1, s2, s3) = (Load(ref sum, 0), Load(ref sum, 8), Load(ref sum, 16), Load(ref sum, 24));
        var (s4, s5, s6, s7) = (Load(ref sum, 32), Load(ref sum, 40), Load(ref sum, 48), Load(ref sum, 56));
        var (first, last, shift) = Columns(tap);
        var step = (int)Strides[1] * Block;
        for (var row = 0; row < Output[2]; row++)
        {
            if (Row(row, tap) is not (>= 0 and var from) || from >= Input[2] || first >= last)
                continue;
            ref readonly var a = ref x[(from * (int)Input[3] + first * (int)Strides[1] + shift) * Block];
            ref readonly var b = ref g[(row * (int)Output[3] + first) * Block];
            for (var column = first; column < last; column++)
            {
                var v = Vector256.LoadUnsafe(in b);
                s0 = Vector256.MultiplyAddEstimate(Vector256.Create(a), v, s0);
                s1 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in a), 1)), v, s1);
                s2 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in a), 2)), v, s2);
                s3 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in a), 3)), v, s3);
                s4 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in a), 4)), v, s4);
                s5 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in a), 5)), v, s5);
                s6 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in a), 6)), v, s6);
                s7 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in a), 7)), v, s7);
                a = ref Unsafe.Add(ref Unsafe.AsRef(in a), step);
                b = ref Unsafe.Add(ref Unsafe.AsRef(in b), Block);
            }
        }

        s0.StoreUnsafe(ref sum);
        s1.StoreUnsafe(ref sum, 8);
        s2.StoreUnsafe(ref sum, 16);
        s3.StoreUnsafe(ref sum, 24);
        s4.StoreUnsafe(ref sum, 32);
        s5.StoreUnsafe(ref sum, 40);
        s6.StoreUnsafe(ref sum, 48);
        s7.StoreUnsafe(ref sum, 56);
    }

    private void AddDepthwise(ReadOnlySpan<float> x, ReadOnlySpan<float> g, int tap, Span<float> sums)
    {
        var sum = Load(ref sums[0], 0);
        var (first, last, shift) = Columns(tap);
        for (var row = 0; row < Output[2]; row++)
        {
            if (Row(row, tap) is not (>= 0 and var from) || from >= Input[2])
                continue;
            for (var column = first; column < last; column++)
                sum = Vector256.MultiplyAddEstimate(
                    Vector256.LoadUnsafe(in x[(from * (int)Input[3] + column * (int)Strides[1] + shift) * Block]),
                    Vector256.LoadUnsafe(in g[(row * (int)Output[3] + column) * Block]),
                    sum
                );
        }

        sum.StoreUnsafe(ref sums[0]);
    }

    private void Store(ReadOnlySpan<float> sums, int outputs, int inputs, int taps, Span<float> weights)
    {
        var depth = IsDepthwise ? 1 : Lanes;
        var perOutput = (int)(IsDepthwise ? 1 : Input[1]) * taps;
        for (var tap = 0; tap < taps; tap++)
        for (var c = 0; c < depth; c++)
        for (var k = 0; k < Lanes; k++)
            weights[(outputs * Lanes + k) * perOutput + ((IsDepthwise ? 0 : inputs * Lanes) + c) * taps + tap] = sums[(tap * depth + c) * Lanes + k];
    }

    // The columns of the output whose window has the tap inside the input.
    private (int First, int Last, int Shift) Columns(int tap)
    {
        var shift = (int)(tap % Kernel[1] * Dilations[1] - Pads[1]);
        var first = shift >= 0 ? 0 : (int)((-shift + Strides[1] - 1) / Strides[1]);
        var last = (int)Math.Min(Output[3], (Input[3] - 1 - shift) / Strides[1] + 1);
        return (first, Input[3] - 1 < shift ? 0 : last, shift);
    }

    private int Row(int row, int tap) => (int)(row * Strides[0] + tap / Kernel[1] * Dilations[0] - Pads[0]);

    private static Vector256<float> Load(ref float from, int offset) => Vector256.LoadUnsafe(ref from, (nuint)offset);
}
