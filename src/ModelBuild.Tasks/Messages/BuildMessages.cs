using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ModelBuild.Tasks.Messages;

/// <summary>How the tasks speak: with a code, and a file to click on.</summary>
internal sealed class BuildMessages(TaskLoggingHelper log, StageMode kind)
{
    /// <summary>Says what is wrong: an error, in an editor's build a warning.</summary>
    public void Problem(string code, string file, string text)
    {
        if (kind == StageMode.DesignTime)
            Warning(code, file, text);
        else
            log.LogError(null, code, Keyword(code), DiagnosticRules.HelpLink(code), file, 0, 0, 0, 0, text);
    }

    /// <summary>Says what was found out about an item.</summary>
    public void Problem(ModelProblem problem)
    {
        if (problem.Level == ProblemLevel.Note)
            Note(problem.Code, problem.File, problem.Text);
        else if (problem.Level == ProblemLevel.Warning)
            Warning(problem.Code, problem.File, problem.Text);
        else
            Problem(problem.Code, problem.File, problem.Text);
    }

    /// <summary>Says what the user may want to do something about.</summary>
    public void Warning(string code, string file, string text) =>
        log.LogWarning(null, code, Keyword(code), DiagnosticRules.HelpLink(code), file, 0, 0, 0, 0, text);

    /// <summary>Says what is good to know, with a code.</summary>
    public void Note(string code, string file, string text) => log.LogMessage(null, code, Keyword(code), file, 0, 0, 0, 0, MessageImportance.High, text);

    /// <summary>Says what is good to know.</summary>
    public void Information(MessageImportance importance, string text) => log.LogMessage(importance, "{0}", text);

    /// <summary>Keeps a command line for whoever reads the whole log.</summary>
    public void CommandLine(string line) => log.LogCommandLine(MessageImportance.Low, line);

    private static string Keyword(string code) => "ModelBuild." + code;
}
