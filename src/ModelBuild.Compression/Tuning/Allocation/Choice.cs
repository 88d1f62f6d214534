namespace ModelBuild.Compression.Tuning.Allocation;

/// <summary>One form in which a group of layers can be computed or stored, with its cost and its error.</summary>
/// <param name="Code">The form of the layers.</param>
/// <param name="Cost">What the form costs: bytes, or predicted time. Only differences between the choices of a group matter.</param>
/// <param name="Noise">
/// The power of the error of the model's worst output that the form causes alone, relative to the power of the output. The errors of different groups are
/// nearly independent, so their powers add up.
/// </param>
internal sealed record Choice(LayerCode Code, double Cost, double Noise);
