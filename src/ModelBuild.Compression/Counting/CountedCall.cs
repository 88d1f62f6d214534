using System.Globalization;

namespace ModelBuild.Compression.Counting;

/// <summary>Describes in words the call of a model that multiply-adds are counted for.</summary>
internal static class CountedCall
{
    /// <summary>Returns a text such as <c>of one call with image [1, 3, 224, 224]</c>.</summary>
    /// <param name="inputShapes">The shapes of the inputs.</param>
    /// <param name="uncounted">The number of nodes that are not counted.</param>
    public static string Describe(IReadOnlyDictionary<string, long[]> inputShapes, int uncounted)
    {
        ArgumentNullException.ThrowIfNull(inputShapes);
        var inputs = inputShapes.Where(input => input.Value.Length > 0).Select(input => $"{input.Key} [{string.Join(", ", input.Value)}]").ToArray();
        var call = inputs.Length == 0 ? "of one call" : $"of one call with {string.Join(", ", inputs)}";
        return uncounted == 0
            ? call
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{call}, without {uncounted} {(uncounted == 1 ? "node" : "nodes")} whose shapes are unknown before a run"
            );
    }
}
