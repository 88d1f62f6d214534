using System.Globalization;
using System.Text.RegularExpressions;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Recipes;

/// <summary>
/// Parses the one-line form of recipes: steps separated by spaces, each with options in parentheses, by position or by name:
/// <c>optimize int8-weights(per-channel=false)</c>. Names with commas or parentheses stand in single quotes; numbers in parentheses, as in
/// <c>shift(2)</c>, need none. <c>auto</c> and <c>none</c> stand alone.
/// </summary>
internal static partial class RecipeParser
{
    /// <summary>Parses a recipe from <paramref name="text"/>.</summary>
    /// <exception cref="CompressionException">
    /// MB1005: a step, an option or a value is unknown, and the message lists the known ones; or the order of steps is not possible.
    /// </exception>
    public static Recipe Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed is Recipe.Auto or Recipe.None)
            return new Recipe(trimmed, []);
        if (trimmed.Length == 0)
            return new Recipe(Recipe.Auto, []);
        var steps = ParseSteps(trimmed);
        RecipeOrder.Check(steps);
        return new Recipe(trimmed, steps);
    }

    /// <summary>Parses a list of steps. <c>auto</c> and <c>none</c> are errors, because they are recipes and not steps.</summary>
    internal static IReadOnlyList<RecipeStep> ParseSteps(string text)
    {
        var trimmed = text.Trim();
        var steps = new List<RecipeStep>();
        var position = 0;
        foreach (Match match in StepText().Matches(trimmed))
        {
            if (match.Index != position)
                break;
            position += match.Length;
            steps.Add(ParseStep(match.Groups["name"].Value, match.Groups["options"].Value));
        }

        if (position != trimmed.Length)
            throw Error(
                $"The recipe '{trimmed}' cannot be read from '{trimmed[position..]}' on: "
                    + $"separate steps by spaces and write options in parentheses, such as 'optimize int8-weights(per-channel=false)'."
            );
        return steps;
    }

    /// <summary>Creates a step from the texts of its options by name.</summary>
    internal static RecipeStep CreateStep(string name, IEnumerable<(string Name, string Value)> options)
    {
        var step = FindStep(name);
        var values = new Dictionary<StepOption, object?>();
        foreach (var (optionName, value) in options)
            Assign(step, optionName, value, values);
        return step.CreateStep(values);
    }

    private static RecipeStep ParseStep(string name, string options)
    {
        var step = FindStep(name);
        var values = new Dictionary<StepOption, object?>();
        var parts = QuotedText.Split(options, ',');
        for (var i = 0; i < parts.Count; i++)
        {
            // Some steps take options whose names the user chooses. Such a name may contain any character if it is quoted, so the name ends at the last '='
            // outside of quotes.
            var isOpen = step.Options.Any(option => option.IsOpen);
            var equals = isOpen ? QuotedText.LastIndexOf(parts[i], '=') : parts[i].IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
                Assign(step, isOpen ? Unquoted(parts[i][..equals].Trim()) : parts[i][..equals].Trim(), parts[i][(equals + 1)..].Trim(), values);
            else if (i < step.Options.Count)
                Assign(step, step.Options[i], parts[i], values);
            else
                throw Error($"The step '{step.Name}' has {step.Options.Count} options, and '{parts[i]}' is one too many. {ListOptions(step)}");
        }

        return step.CreateStep(values);
    }

    private static StepDefinition FindStep(string name) =>
        StepCatalog.Find(name)
        ?? throw Error(
            name is Recipe.Auto or Recipe.None
                ? $"'{name}' cannot be combined with other steps."
                : $"There is no step '{name}'.{NearestName.Hint(name, StepCatalog.Steps.Select(step => step.Name))} "
                    + $"Steps: {string.Join(", ", StepCatalog.Steps.Select(step => step.Name))}; or 'auto' or 'none' alone."
        );

    private static StepOption FindOption(StepDefinition step, string name) =>
        step.Options.FirstOrDefault(option => option.Name == name && !option.IsOpen)
        ?? step.Options.FirstOrDefault(option => option.IsOpen)
        ?? throw Error(
            $"The step '{step.Name}' has no option '{name}'.{NearestName.Hint(name, step.Options.Select(option => option.Name))} {ListOptions(step)}"
        );

    private static void Assign(StepDefinition step, string name, string text, Dictionary<StepOption, object?> values)
    {
        var option = FindOption(step, name);
        if (!option.IsOpen)
        {
            Assign(step, option, text, values);
            return;
        }

        var known = values.GetValueOrDefault(option) as NamedNumbers ?? new NamedNumbers([]);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw Error($"'{step.Name}' cannot take {name}='{text}': it must be an integer.");
        values[option] = known.Has(name) ? throw Error($"'{step.Name}' has '{name}' twice.") : known.With(name, number);
    }

    private static string Unquoted(string text) => string.Concat(QuotedText.Unescape(text).Select(c => c.Value));

    private static void Assign(StepDefinition step, StepOption option, string text, Dictionary<StepOption, object?> values)
    {
        if (!OptionValue.TryParse(text, option.Type, out var value))
            throw Error($"'{step.Name}' cannot take {option.Name}='{text}': it must be {OptionValue.Describe(option.Type)}.");
        if (!values.TryAdd(option, value))
            throw Error($"'{step.Name}' has the option '{option.Name}' twice.");
    }

    private static string ListOptions(StepDefinition step) =>
        step.Options.Count == 0
            ? "It has no options."
            : $"Options: {string.Join(", ", step.Options.Select(option => $"{option.Name} (default {OptionValue.Describe(option.Default)})"))}.";

    private static CompressionException Error(string message) => new(Codes.UnknownOption, message);

    [GeneratedRegex(@"\G(?<name>[A-Za-z0-9_:-]+)\s*(\((?<options>([^()']|'[^']*'|\([0-9.]*\))*)\))?(\s+|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex StepText();
}
