using System.Text;

namespace ModelBuild.Onnx;

/// <summary>Text of a document as part of a message.</summary>
internal static class Text
{
    /// <summary>At most 120 characters, none that breaks a line or a terminal.</summary>
    public static string Short(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, 121));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 120)))
            clean.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return text.Length > 120 ? clean.Append('…').ToString() : clean.ToString();
    }
}
