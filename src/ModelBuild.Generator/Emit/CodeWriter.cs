using System.Text;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes indented lines that end in a line feed on every platform.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _wantsBlank;

    /// <summary>Writes one line; an empty text gives a blank line.</summary>
    public void Line(string text = "")
    {
        if (text.Length == 0)
        {
            _text.Append('\n');
            return;
        }

        if (_wantsBlank)
            _text.Append('\n');
        _wantsBlank = false;
        _text.Append(' ', _depth * 4).Append(text).Append('\n');
    }

    /// <summary>Marks that a blank line is written before the next line, unless the next line ends a block.</summary>
    public void Gap() => _wantsBlank = true;

    public void Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
    }

    public void Close(string tail = "")
    {
        _depth--;
        _wantsBlank = false;
        Line("}" + tail);
    }

    public void Indent() => _depth++;

    public void Unindent() => _depth--;

    /// <summary>Writes an array with each item on its own line.</summary>
    public void Array(string head, string type, IEnumerable<string> items, string tail)
    {
        var all = items.ToArray();
        if (all.Length == 0)
        {
            Line($"{head}global::System.Array.Empty<{type}>(){tail}");
            return;
        }

        Open($"{head}new {type}[]");
        foreach (var item in all)
            Line(item + ",");
        Close(tail);
    }

    public override string ToString() => _text.ToString();
}
