using System.Security;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Targets;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Composes the lines that a user copies: commands of the program, and the item of a project.</summary>
/// <param name="receipt">The receipt.</param>
internal sealed class CommandLine(Receipt receipt)
{
    private const string AnyData = "Calibration/*.npz";

    /// <summary>The pattern of the calibration data in commands: that of the receipt, or an example.</summary>
    public string Data => receipt.Use?.Data ?? AnyData;

    /// <summary>Whether a project builds the model. Otherwise the program compressed it.</summary>
    public bool IsBuild => receipt.Use?.Class is not null;

    /// <summary>The recipe that ran, in its one-line form.</summary>
    public string Recipe => string.Join(' ', receipt.Recipe.Steps);

    /// <summary>The path of the result of <see cref="Compress"/>.</summary>
    public string Result => Path.ChangeExtension(receipt.Model, null) + ".compressed.onnx";

    /// <summary>
    /// The line that creates <see cref="Result"/>, with a line break at its end. It is empty if the program compressed the model, because the result then
    /// exists.
    /// </summary>
    public string Before => IsBuild ? Compress(Recipe, data: null) + "\n" : "";

    /// <summary>Returns the command, or the item of the project, that compresses the model.</summary>
    /// <param name="recipe">The recipe; null for the requested one.</param>
    /// <param name="data">The calibration data; null for that of the receipt.</param>
    /// <param name="training">The training data; null for none.</param>
    public string Setting(string? recipe, string? data, string? training = null) =>
        IsBuild ? Item(recipe, data, training) : Compress(recipe ?? receipt.Recipe.Asked, data, training);

    /// <summary>Returns the command that compresses the model.</summary>
    public string Compress(string recipe, string? data, string? training = null) =>
        $"modelbuild compress {Word(receipt.Model)} --compression {Word(recipe)}"
        + ((data ?? receipt.Use?.Data) is { } calibration ? $" --calibration-data {Word(calibration)}" : "")
        + (training is null ? "" : $" --training-data {Word(training)}")
        + Target;

    /// <summary>Returns the command that searches for the best recipe.</summary>
    public string Tune(string goal) => $"modelbuild tune {Word(receipt.Model)} --data {Word(Data)} --goal {goal} --minutes 10{Target}";

    /// <summary>Returns the command that compares the original model and its result.</summary>
    public string Compare() => $"modelbuild compare {Word(receipt.Model)} {Word(Result)}{(receipt.Use?.Data is { } data ? $" --data {Word(data)}" : "")}";

    /// <summary>Returns the command that measures the time of each operator of the result.</summary>
    public string Perf() => $"modelbuild perf {Word(Result)}{(receipt.Use?.Data is { } data ? $" --data {Word(data)}" : "")}";

    private bool HasTarget => receipt.Target != TargetProfile.Default.Name;

    private string Target => HasTarget ? $" --target {Word(receipt.Target)}" : "";

    private string Item(string? recipe, string? data, string? training) =>
        $"<OnnxModel Include=\"{Attribute(receipt.Model)}\""
        + $" Compression=\"{Attribute(recipe ?? receipt.Recipe.Asked)}\""
        + ((data ?? receipt.Use?.Data) is { } calibration ? $" CalibrationData=\"{Attribute(calibration)}\"" : "")
        + (training is null ? "" : $" TrainingData=\"{Attribute(training)}\"")
        + (HasTarget ? $" Target=\"{Attribute(receipt.Target)}\"" : "")
        + " />";

    private static string Attribute(string text) => SecurityElement.Escape(text);

    // Quotes an argument if necessary. A backslash precedes the four characters that shells interpret within double quotes.
    private static string Word(string text) =>
        text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '/' or '_' or '-' or '=')
            ? text
            : $"\"{string.Concat(text.Select(c => c is '"' or '\\' or '$' or '`' ? $"\\{c}" : c.ToString()))}\"";
}
