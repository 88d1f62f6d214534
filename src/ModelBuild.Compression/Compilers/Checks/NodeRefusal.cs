namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>A part of a model that a compiler does not support.</summary>
/// <param name="Part">The node, with its operator and name, or the model.</param>
/// <param name="Reason">The reason, which follows the part and a colon.</param>
internal sealed record NodeRefusal(string Part, string Reason)
{
    /// <summary>Returns the text of the refused part and the reason for messages.</summary>
    public override string ToString() => $"{Part}: {Reason}";
}
