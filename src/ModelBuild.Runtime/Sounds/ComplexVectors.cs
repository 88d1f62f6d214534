using System.Numerics;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Represents complex numbers of several signals, one signal in each element of the vectors.</summary>
/// <param name="real">The real parts.</param>
/// <param name="imaginary">The imaginary parts.</param>
internal readonly ref struct ComplexVectors(Span<Vector<float>> real, Span<Vector<float>> imaginary)
{
    /// <summary>Gets the real parts.</summary>
    public Span<Vector<float>> Real { get; } = real;

    /// <summary>Gets the imaginary parts.</summary>
    public Span<Vector<float>> Imaginary { get; } = imaginary;
}
