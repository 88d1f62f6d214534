namespace ModelBuild.Runtime.Values;

/// <summary>A buffer whose elements C# can see.</summary>
internal abstract class TensorBuffer<T>(TensorContract contract) : TensorBuffer(contract)
{
    /// <summary>The elements in use, row by row.</summary>
    public abstract Span<T> Span { get; }

    public override void CopyTo(int start, TensorBuffer destination, int at, int count) =>
        Span.Slice(start, count).CopyTo(((TensorBuffer<T>)destination).Span[at..]);
}
