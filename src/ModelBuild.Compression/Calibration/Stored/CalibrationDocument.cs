namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The contents of <c>&lt;model&gt;.calibration.json</c>.</summary>
/// <param name="Schema">The number of the format.</param>
/// <param name="ModelBuild">The version of ModelBuild that wrote the file.</param>
/// <param name="Model">The model that the statistics belong to.</param>
/// <param name="Data">The data that the statistics were computed from.</param>
/// <param name="Tensors">The values of the optimized graph, in graph order.</param>
internal sealed record CalibrationDocument(int Schema, string ModelBuild, CalibratedModel Model, CalibrationOrigin Data, IReadOnlyList<StoredTensor> Tensors)
{
    /// <summary>The number of the file format that this version of ModelBuild writes. Files in other formats are refused.</summary>
    public const int CurrentSchema = 1;
}
