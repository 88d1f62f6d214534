using System.Numerics;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>Applies a formula to all values of a parameter, a vector at a time.</summary>
internal static class Updates
{
    /// <summary>Changes the values and their state in place. Every value has the same arithmetic, at the end of an array, too.</summary>
    /// <param name="update">The formula.</param>
    /// <param name="values">The values.</param>
    /// <param name="gradient">The gradient, of the same length.</param>
    /// <param name="first">The first number of the state of each value.</param>
    /// <param name="second">The second number of the state of each value; empty for an optimizer with one number.</param>
    public static void Apply<T>(in T update, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where T : struct, IUpdate
    {
        var width = Vector<float>.Count;
        var i = 0;
        for (; i + width <= values.Length; i += width)
            One(update, values[i..], gradient[i..], first[i..], second.IsEmpty ? [] : second[i..]);
        if (i == values.Length)
            return;
        Span<float> rest = stackalloc float[4 * width];
        rest.Clear();
        var value = rest[..width];
        var slope = rest.Slice(width, width);
        var a = rest.Slice(2 * width, width);
        var b = rest[(3 * width)..];
        values[i..].CopyTo(value);
        gradient[i..].CopyTo(slope);
        first[i..].CopyTo(a);
        if (!second.IsEmpty)
            second[i..].CopyTo(b);
        One(update, value, slope, a, b);
        value[..(values.Length - i)].CopyTo(values[i..]);
        a[..(values.Length - i)].CopyTo(first[i..]);
        if (!second.IsEmpty)
            b[..(values.Length - i)].CopyTo(second[i..]);
    }

    private static void One<T>(in T update, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where T : struct, IUpdate
    {
        var (value, a, b) = (new Vector<float>(values), new Vector<float>(first), second.IsEmpty ? Vector<float>.Zero : new Vector<float>(second));
        update.Apply(ref value, new Vector<float>(gradient), ref a, ref b);
        value.CopyTo(values);
        a.CopyTo(first);
        if (!second.IsEmpty)
            b.CopyTo(second);
    }
}
