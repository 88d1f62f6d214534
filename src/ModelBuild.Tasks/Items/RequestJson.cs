using System.Globalization;
using System.Text;
using ModelBuild.Tasks.OnnxRuntime;

namespace ModelBuild.Tasks.Items;

/// <summary>Writes the request that the program reads. By hand: the tasks bring no library into the build's process.</summary>
internal static class RequestJson
{
    /// <summary>The whole request; one value a line, LF.</summary>
    public static string Write(ModelRequest request, OnnxRuntimePackage? onnxRuntime)
    {
        var files = request.Files;
        return "{\n  \"schema\": 1,\n"
            + string.Join(
                ",\n",
                Line("id", Text(request.Id)),
                Line("project", Text(request.Project)),
                Line("model", Text(request.Model)),
                Line("modelDisplay", Text(request.ModelDisplay)),
                Line("className", Text(request.Id)),
                Line("namespace", Text(request.Namespace)),
                Line("access", Text(request.Access)),
                Line("compression", Text(request.Compression)),
                Line("recipe", Text(request.Recipe)),
                Line("calibrationData", List(request.CalibrationData)),
                Line("calibrationFile", Text(request.CalibrationFile)),
                Line("maxAccuracyLoss", Text(request.MaxAccuracyLoss)),
                Line("minSqnr", Text(request.MinSqnr)),
                Line("fidelity", Text(request.Fidelity)),
                Line("maxSize", Text(request.MaxSize)),
                Line("given", List(request.Given)),
                Line("providers", List(request.Providers)),
                Line("stages", request.Parts.ToString(CultureInfo.InvariantCulture)),
                Line("target", Text(request.Target)),
                Line("labels", Text(request.Labels)),
                Line("state", Text(request.State)),
                Line("names", Text(request.Names)),
                Line("deploy", Text(request.Deploy)),
                Line("deployPath", Text(request.DeployPath)),
                Line("signature", Text(files.Signature)),
                Line("output", Text(files.Output)),
                Line("receipt", Text(files.Receipt)),
                Line("report", Text(files.Report)),
                Line("inputs", Text(files.Inputs)),
                Line("cache", Text(request.Cache)),
                Line("onnxRuntimeManaged", Text(onnxRuntime?.Managed)),
                Line("onnxRuntimeNative", Text(onnxRuntime?.Native))
            )
            + "\n}\n";
    }

    private static string Line(string name, string value) => $"  \"{name}\": {value}";

    private static string List(IReadOnlyList<string> values) => values.Count == 0 ? "[]" : "[\n    " + string.Join(",\n    ", values.Select(Text)) + "\n  ]";

    private static string Text(string? value)
    {
        if (value is null)
            return "null";
        var text = new StringBuilder("\"");
        foreach (var letter in value)
        {
            if (letter is '"' or '\\')
                text.Append('\\').Append(letter);
            else if (letter < ' ')
                text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(letter);
        }

        return text.Append('"').ToString();
    }
}
