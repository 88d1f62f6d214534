namespace ModelBuild.Compression.Passes;

/// <summary>An ordered list of steps.</summary>
/// <param name="Name">The name in messages and receipts: the one-line form, or the name of the recipe file.</param>
/// <param name="Steps">The steps in the order in which they run; empty for <c>none</c>.</param>
internal sealed record Recipe(string Name, IReadOnlyList<RecipeStep> Steps)
{
    /// <summary>The name of the recipe that chooses its steps for the model.</summary>
    public const string Auto = "auto";

    /// <summary>The name of the recipe that does not change the model.</summary>
    public const string None = "none";

    /// <summary>Creates a recipe whose name is its one-line form.</summary>
    internal static Recipe Of(IReadOnlyList<RecipeStep> steps) => new(string.Join(' ', steps), steps);

    /// <summary>Whether the steps are chosen by the model.</summary>
    public bool IsAuto => Steps.Count == 0 && Name == Auto;

    /// <summary>Whether the recipe does not change the model.</summary>
    public bool IsNone => Steps.Count == 0 && Name == None;

    /// <summary>Whether a step of the recipe trains the model.</summary>
    public bool Trains => Steps.Any(step => step.Definition.Trains);

    /// <summary>Whether the recipe may change the values that the model computes but not its size.</summary>
    public bool KeepsSize => Steps.Any(step => step.Definition.Trains || step.Definition.KeepsSize);

    /// <summary>The recipe in its one-line form, with every option that is not at its default.</summary>
    public override string ToString() => Steps.Count == 0 ? Name : string.Join(' ', Steps);
}
