using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning.Allocation;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// The steps that the recipes of a study may have besides <c>optimize</c>. Steps that <c>int8</c> chooses are allowed together with <c>int8</c>.
/// </summary>
internal sealed class AllowedSteps
{
    private readonly HashSet<string> _names;

    private AllowedSteps(IEnumerable<string> names) => _names = names.ToHashSet(StringComparer.Ordinal);

    /// <summary>An instance that allows all steps.</summary>
    public static AllowedSteps All { get; } = new([]);

    /// <summary>Reads the names of the allowed steps, separated by spaces.</summary>
    /// <param name="text">The names; null for all steps.</param>
    /// <exception cref="CompressionException">MB1005: a step is unknown, or has options.</exception>
    public static AllowedSteps Parse(string? text)
    {
        if (text is null)
            return All;
        var steps = RecipeParser.ParseSteps(text);
        if (steps.Count == 0)
            throw new CompressionException(Codes.UnknownOption, "The list of steps is empty. Name one or more, such as 'int8 int8-weights gptq'.");
        if (steps.FirstOrDefault(step => step.ToString() != step.Definition.Name) is { } step)
            throw new CompressionException(
                Codes.UnknownOption,
                $"'{step}' has options, which the study chooses. Name the step alone: '{step.Definition.Name}'."
            );
        return new AllowedSteps(steps.Select(step => step.Definition.Name));
    }

    /// <summary>Returns whether recipes may have a step.</summary>
    public bool Allows(RecipeStep step) => _names.Count == 0 || step.Definition.IsExact || _names.Contains(step.Definition.Name);

    /// <summary>Returns whether recipes may have all steps of a recipe in its one-line form.</summary>
    public bool Allows(string recipe) => RecipeParser.ParseSteps(recipe).All(Allows);

    /// <summary>Returns whether recipes may have all steps of a structure.</summary>
    public bool Allows(Structure structure) => structure.Steps().All(Allows);

    /// <summary>Returns the table of choices without the forms that need steps which are not allowed.</summary>
    public ChoiceTable Within(ChoiceTable table) =>
        table with
        {
            Groups = [.. table.Groups.Select(group => group with { Choices = [.. group.Choices.Where(choice => Allows(choice.Code))] })],
        };

    /// <summary>Returns whether recipes may store weights in a form.</summary>
    public bool Allows(LayerCode code) => code == LayerCode.Float32 || Allows(StorageSteps.Step(code, ""));
}
