namespace ModelBuild.Compression.Training.Differentiation.Operators.Products;

/// <summary>The equation of an Einsum node with one letter for each axis: letters replace an ellipsis, and the output is written out.</summary>
/// <param name="Inputs">The letters of each input.</param>
/// <param name="Output">The letters of the output.</param>
internal sealed record EinsumEquation(IReadOnlyList<string> Inputs, string Output)
{
    private const string Ellipsis = "...";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Parses the equation of an Einsum for inputs of the given ranks.</summary>
    /// <param name="equation">The equation as the node has it.</param>
    /// <param name="ranks">The ranks of the inputs.</param>
    public static EinsumEquation Parse(string equation, IReadOnlyList<int> ranks)
    {
        var sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        var inputs = sides[0].Split(',');
        var broadcast = inputs.Zip(ranks).Select(pair => Hidden(pair.First, pair.Second)).Max();
        string unused = new([.. Letters.Where(letter => !equation.Contains(letter, StringComparison.Ordinal)).Take(broadcast)]);
        string[] written = [.. inputs.Zip(ranks).Select(pair => Fill(pair.First, unused[^Hidden(pair.First, pair.Second)..]))];
        return new EinsumEquation(written, Fill(sides.Length > 1 ? sides[1] : ImplicitOutput(inputs), unused));
    }

    /// <summary>Whether a letter stands twice in one input, so that a diagonal of the input is taken.</summary>
    public bool HasDiagonal => Inputs.Any(input => input.Distinct().Count() < input.Length);

    // Returns the number of axes of an input for which the ellipsis stands.
    private static int Hidden(string input, int rank) => input.Contains(Ellipsis, StringComparison.Ordinal) ? rank - (input.Length - Ellipsis.Length) : 0;

    private static string Fill(string letters, string hidden) => letters.Replace(Ellipsis, hidden, StringComparison.Ordinal);

    // Returns the output of an equation without an arrow. It has the axes of the ellipsis, and then the letters that occur once, in alphabetical order.
    private static string ImplicitOutput(string[] inputs)
    {
        var letters = string.Concat(inputs).Replace(".", "", StringComparison.Ordinal);
        string once = new([.. letters.Where(letter => letters.Count(other => other == letter) == 1).Order()]);
        return inputs.Any(input => input.Contains(Ellipsis, StringComparison.Ordinal)) ? Ellipsis + once : once;
    }
}
