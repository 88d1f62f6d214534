using System.Numerics;
using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>Applies the formula of an optimizer to all values of a parameter, one vector at a time.</summary>
internal static class Updates
{
    /// <summary>Changes the values and their state in place. The arithmetic is the same for every value, also at the end of an array.</summary>
    /// <param name="update">The formula.</param>
    /// <param name="values">The values.</param>
    /// <param name="gradient">The gradient, of the same length.</param>
    /// <param name="first">The first number of the state of each value.</param>
    /// <param name="second">The second number of the state of each value; empty for an optimizer with one number.</param>
    public static void Apply<T>(in T update, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where T : struct, IUpdate
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient)[..vectors.Length];
        var firsts = MemoryMarshal.Cast<float, Vector<float>>(first)[..vectors.Length];
        var seconds = MemoryMarshal.Cast<float, Vector<float>>(second);
        var none = Vector<float>.Zero;
        for (var i = 0; i < vectors.Length; i++)
            update.Apply(ref vectors[i], gradients[i], ref firsts[i], ref seconds.IsEmpty ? ref none : ref seconds[i]);
        var done = vectors.Length * Vector<float>.Count;
        if (done < values.Length)
            ApplyRest(update, values[done..], gradient[done..], first[done..], second.IsEmpty ? second : second[done..]);
    }

    // Applies an update to the last values, which do not fill a vector. The values are first copied into whole vectors.
    private static void ApplyRest<T>(in T update, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where T : struct, IUpdate
    {
        Span<Vector<float>> rest = [Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero];
        values.CopyTo(Numbers(rest, 0));
        gradient.CopyTo(Numbers(rest, 1));
        first.CopyTo(Numbers(rest, 2));
        second.CopyTo(Numbers(rest, 3));
        update.Apply(ref rest[0], rest[1], ref rest[2], ref rest[3]);
        Numbers(rest, 0)[..values.Length].CopyTo(values);
        Numbers(rest, 2)[..first.Length].CopyTo(first);
        Numbers(rest, 3)[..second.Length].CopyTo(second);
    }

    private static Span<float> Numbers(Span<Vector<float>> vectors, int index) => MemoryMarshal.Cast<Vector<float>, float>(vectors.Slice(index, 1));
}
