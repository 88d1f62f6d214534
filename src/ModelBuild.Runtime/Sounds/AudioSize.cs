namespace ModelBuild.Runtime;

/// <summary>Represents the size of a prepared recording.</summary>
/// <param name="Bands">The number of bands of the spectrum; 1 for a model that takes samples.</param>
/// <param name="Length">The number of frames of the spectrum; the number of samples for a model that takes samples.</param>
public readonly record struct AudioSize(int Bands, int Length)
{
    /// <summary>Gets the number of elements of the tensor, which is <see cref="Bands"/> × <see cref="Length"/>.</summary>
    public int Elements => checked(Bands * Length);

    /// <summary>Returns the size, such as <c>80x3000</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Bands}x{Length}");
}
