namespace ModelBuild.Runtime.Tensors;

/// <summary>A buffer whose elements C# can see.</summary>
internal abstract class TensorBuffer<T>(TensorContract contract) : TensorBuffer(contract)
{
    /// <summary>The elements in use, row by row.</summary>
    public abstract Span<T> Span { get; }
}
