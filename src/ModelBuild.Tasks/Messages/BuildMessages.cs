using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ModelBuild.Tasks.Messages;

/// <summary>Reports messages of the tasks with a code and a file.</summary>
internal sealed class BuildMessages(TaskLoggingHelper log, BuildMode kind)
{
    /// <summary>Reports an error, which becomes a warning in an editor's build.</summary>
    public void Problem(string code, string file, string text)
    {
        if (kind == BuildMode.DesignTime)
            Warning(code, file, text);
        else
            log.LogError(null, code, Keyword(code), DiagnosticRules.HelpLink(code), file, 0, 0, 0, 0, text);
    }

    /// <summary>Reports a problem of an item.</summary>
    public void Problem(ModelProblem problem)
    {
        if (problem.Level == ProblemLevel.Note)
            Note(problem.Code, problem.File, problem.Text);
        else if (problem.Level == ProblemLevel.Warning)
            Warning(problem.Code, problem.File, problem.Text);
        else
            Problem(problem.Code, problem.File, problem.Text);
    }

    /// <summary>Reports a warning.</summary>
    public void Warning(string code, string file, string text) =>
        log.LogWarning(null, code, Keyword(code), DiagnosticRules.HelpLink(code), file, 0, 0, 0, 0, text);

    /// <summary>Reports information with a diagnostic code.</summary>
    public void Note(string code, string file, string text) => log.LogMessage(null, code, Keyword(code), file, 0, 0, 0, 0, MessageImportance.High, text);

    /// <summary>Reports information without a diagnostic code.</summary>
    public void Information(MessageImportance importance, string text) => log.LogMessage(importance, "{0}", text);

    /// <summary>Reports a command line, which only a detailed log contains.</summary>
    public void CommandLine(string line) => log.LogCommandLine(MessageImportance.Low, line);

    private static string Keyword(string code) => "ModelBuild." + code;
}
