using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Pages;

/// <summary>Writes recipes in HTML pages: a long recipe has its short name, and its full text opens behind it.</summary>
internal static class RecipeText
{
    /// <summary>Returns the HTML of a recipe or step.</summary>
    public static string Of(string recipe)
    {
        var name = ShortRecipe.Of(recipe);
        return name == recipe
            ? $"<code>{Html.Text(recipe)}</code>"
            : $"<details class=\"recipe\"><summary><code>{Html.Text(name)}</code></summary><code>{Html.Text(recipe)}</code></details>";
    }
}
