using System.Text;

namespace ModelBuild.Compression.Passes;

/// <summary>The form of a recipe in lists and progress messages: a long recipe keeps the names of its steps without their longest options.</summary>
internal static class ShortRecipe
{
    private const int LongRecipe = 60;
    private const int LongOptions = 16;

    /// <summary>Returns the short form of a recipe or step, given its one-line form.</summary>
    public static string Of(string recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (recipe.Length <= LongRecipe)
            return recipe;
        var text = new StringBuilder();
        for (var at = 0; at < recipe.Length; )
        {
            var open = recipe.IndexOf('(', at);
            var close = open < 0 ? -1 : Close(recipe, open);
            if (close < 0)
                return text.Append(recipe.AsSpan(at)).ToString();
            var options = recipe[(open + 1)..close];
            text.Append(recipe.AsSpan(at, open - at)).Append('(').Append(options.Length > LongOptions ? "…" : options).Append(')');
            at = close + 1;
        }

        return text.ToString();
    }

    private static int Close(string recipe, int open)
    {
        var depth = 0;
        for (var i = open; i < recipe.Length; i++)
        {
            depth += recipe[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth == 0)
                return i;
        }

        return -1;
    }
}
