namespace ModelBuild.Runtime.Values;

/// <summary>Represents a buffer with elements of a C# type.</summary>
internal abstract class TensorBuffer<T>(TensorContract contract) : TensorBuffer(contract)
{
    /// <summary>Gets the elements in use in row-major order.</summary>
    public abstract Span<T> Span { get; }

    public override void CopyTo(int start, TensorBuffer destination, int at, int count) =>
        Span.Slice(start, count).CopyTo(((TensorBuffer<T>)destination).Span[at..]);
}
