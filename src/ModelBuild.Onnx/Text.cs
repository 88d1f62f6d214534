using System.Text;

namespace ModelBuild.Onnx;

/// <summary>Formats parts of a document for messages.</summary>
internal static class Text
{
    /// <summary>Shortens a text to 120 characters and replaces characters that break a line or a terminal.</summary>
    public static string Short(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, 121));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 120)))
            clean.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return text.Length > 120 ? clean.Append('…').ToString() : clean.ToString();
    }

    /// <summary>
    /// Returns a place in a document, such as <c>graph.node[3].attribute[0].t</c>; a negative index stands for a field that is not repeated.
    /// </summary>
    public static string Place(IEnumerable<(string Field, int Index)> path) =>
        string.Join('.', path.Select(static part => part.Index < 0 ? part.Field : FormattableString.Invariant($"{part.Field}[{part.Index}]")));

    /// <summary>Returns a shape, such as <c>[1, 3, 224, 224]</c>.</summary>
    public static string Shape(TensorProto tensor) =>
        tensor.Dims.Count > 16 ? FormattableString.Invariant($"of {tensor.Dims.Count} dimensions") : $"[{string.Join(", ", tensor.Dims)}]";
}
