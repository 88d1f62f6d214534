using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelBuild.Runtime.Pictures;

/// <summary>Splits a row of pixels, each of four values, into the layouts of tensors.</summary>
internal static class PixelRows
{
    /// <summary>Copies the first value of each pixel of a row.</summary>
    public static void CopyFirst(ReadOnlySpan<float> pixels, Span<float> target)
    {
        for (var x = 0; x < target.Length; x++)
            target[x] = pixels[x * 4];
    }

    /// <summary>Copies the first three values of each pixel one after another.</summary>
    public static void CopyTriples(ReadOnlySpan<float> pixels, Span<float> target)
    {
        var count = target.Length / 3;
        // Each step stores a vector of four values, the last of which the next step overwrites.
        for (var x = 0; x < count - 1; x++)
            Vector128.Create(pixels.Slice(x * 4, 4)).CopyTo(target.Slice(x * 3, 4));
        pixels.Slice((count - 1) * 4, 3).CopyTo(target[((count - 1) * 3)..]);
    }

    /// <summary>Copies the first three values of each pixel to three spans, one for each channel.</summary>
    public static void Split(ReadOnlySpan<float> pixels, Span<float> first, Span<float> second, Span<float> third)
    {
        var done = Sse.IsSupported ? SplitVectors(pixels, first, second, third) : 0;
        for (var x = done; x < first.Length; x++)
            (first[x], second[x], third[x]) = (pixels[x * 4], pixels[(x * 4) + 1], pixels[(x * 4) + 2]);
    }

    // Transposes four pixels at a time, and returns the number of copied pixels.
    private static int SplitVectors(ReadOnlySpan<float> pixels, Span<float> first, Span<float> second, Span<float> third)
    {
        var count = first.Length / 4 * 4;
        ref var source = ref MemoryMarshal.GetReference(pixels[..(count * 4)]);
        ref var one = ref MemoryMarshal.GetReference(first);
        ref var two = ref MemoryMarshal.GetReference(second[..first.Length]);
        ref var three = ref MemoryMarshal.GetReference(third[..first.Length]);
        for (var x = 0; x < count; x += 4)
        {
            ref var pixel = ref Unsafe.Add(ref source, x * 4);
            var (a, b) = (Vector128.LoadUnsafe(ref pixel), Vector128.LoadUnsafe(ref pixel, 4));
            var (c, d) = (Vector128.LoadUnsafe(ref pixel, 8), Vector128.LoadUnsafe(ref pixel, 12));
            var (lowerLeft, lowerRight) = (Sse.UnpackLow(a, b), Sse.UnpackLow(c, d));
            Sse.MoveLowToHigh(lowerLeft, lowerRight).StoreUnsafe(ref one, (nuint)x);
            Sse.MoveHighToLow(lowerRight, lowerLeft).StoreUnsafe(ref two, (nuint)x);
            Sse.MoveLowToHigh(Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d)).StoreUnsafe(ref three, (nuint)x);
        }

        return count;
    }
}
