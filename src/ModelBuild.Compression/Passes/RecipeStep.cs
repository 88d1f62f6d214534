using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes;

/// <summary>One step of a recipe with its options.</summary>
/// <param name="Definition">The step.</param>
/// <param name="Options">Its options: an instance of the definition's options record.</param>
internal sealed record RecipeStep(StepDefinition Definition, object Options)
{
    /// <summary>The files that the step reads, with their paths as the recipe writes them.</summary>
    internal IEnumerable<DataFile> Files => Definition.Options.Select(option => option.Get(Options)).OfType<DataFile>();

    /// <summary>The step in its one-line form: <c>int8-weights</c>, or <c>int8-weights(per-channel=false)</c>.</summary>
    public override string ToString()
    {
        var changed = Definition
            .Options.Where(option => !Equals(option.Get(Options), option.Default))
            .Select(option => option.IsOpen ? option.Get(Options)!.ToString() : $"{option.Name}={Write(option.Get(Options))}");
        var list = string.Join(", ", changed);
        return list.Length == 0 ? Definition.Name : $"{Definition.Name}({list})";
    }

    // Formats the value of an option for a recipe. The text of augmentations gets no quotes, because the parser of recipes reads their parentheses without
    // quotes. The other values are quoted if necessary.
    private static string Write(object? value) => value is Augmentations ? OptionValue.Format(value) : QuotedText.Protect(OptionValue.Format(value));
}
