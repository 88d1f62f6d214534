namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The contents of <c>&lt;model&gt;.calibration.json</c>.</summary>
/// <param name="Schema">The format's number.</param>
/// <param name="ModelBuild">The version that made it.</param>
/// <param name="Model">What it was made for.</param>
/// <param name="Data">What it was made from.</param>
/// <param name="Tensors">The values of the optimized graph, in graph order.</param>
internal sealed record CalibrationDocument(int Schema, string ModelBuild, CalibratedModel Model, CalibrationOrigin Data, IReadOnlyList<StoredTensor> Tensors)
{
    /// <summary>The format that this version writes, and the only one it reads.</summary>
    public const int CurrentSchema = 1;
}
