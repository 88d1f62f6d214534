using System.Text;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Build;

/// <summary>
/// Where the work on one model is, for the build's tasks: a line is added whenever that changes. The last line starts with <c>=</c>, and what
/// follows is what the terminal shows of the model; nothing where the model failed.
/// </summary>
internal sealed class ProgressFile(string path, string id)
{
    // The number of characters that fit beside the model's name and the time in a terminal of 80 columns.
    private const int Columns = 66;
    private const int LeastColumns = 24;

    private string _line = "";

    /// <summary>Adds a line for a report that tells something new.</summary>
    public void Report(WorkLine line) => Add(WorkWords.Of(line.Place, Math.Max(LeastColumns, Columns - id.Length)));

    /// <summary>Adds the last line.</summary>
    public void End(string summary) => Add(ProgressLines.End + summary);

    private void Add(string line)
    {
        if (line == _line)
            return;
        _line = line;
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
