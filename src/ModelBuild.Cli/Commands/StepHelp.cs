using ModelBuild.Compression.Recipes;

namespace ModelBuild.Cli.Commands;

/// <summary>Writes the list of steps in the help of <c>compress</c>: what each step does, and its options with their defaults.</summary>
internal static class StepHelp
{
    private const int Width = 80;

    public static void Write(TextWriter output)
    {
        output.WriteLine(
            "Steps with their options and defaults. Several steps run in the given order, such as \"equalize int8(percentile) gptq(act-order=false)\":"
        );
        var indent = new string(' ', 4 + StepCatalog.Steps.Max(step => step.Name.Length));
        foreach (var step in StepCatalog.Steps)
        {
            Wrap(output, $"  {step.Name}".PadRight(indent.Length), indent, step.Summary);
            if (step.Options.Count > 0)
                Wrap(output, indent, indent + "  ", $"({string.Join(", ", step.Options.Select(option => $"{option.Name}={option.DefaultText}"))})");
        }
    }

    private static void Wrap(TextWriter output, string first, string rest, string text)
    {
        var line = first;
        var isEmpty = true;
        foreach (var word in text.Split(' '))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                output.WriteLine(line);
                (line, isEmpty) = (rest, true);
            }

            line += isEmpty ? word : " " + word;
            isEmpty = false;
        }

        output.WriteLine(line);
    }
}
