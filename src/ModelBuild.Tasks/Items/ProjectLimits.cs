using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>Checks whether the project's target framework and language are supported.</summary>
internal static class ProjectLimits
{
    private const string Oldest = "net8.0";
    private static readonly Version OldestVersion = new(8, 0);

    /// <summary>Returns the problem of a target framework that is not supported; null if it is supported.</summary>
    public static ModelProblem? OfFramework(string project, ITaskItem defaults)
    {
        var identifier = defaults.GetMetadata("TargetFrameworkIdentifier");
        var version = defaults.GetMetadata("TargetFrameworkVersion");
        // A project without a target framework identifier is not an SDK-style project, so it is not checked.
        if (
            identifier.Length == 0
            || !Version.TryParse(version.TrimStart('v', 'V'), out var number)
            || (identifier == ".NETCoreApp" && number >= OldestVersion)
        )
            return null;
        var framework = defaults.GetMetadata("TargetFramework") is { Length: > 0 } name ? name : $"{identifier} {version}";
        return new ModelProblem(
            Codes.OldFramework,
            project,
            $"The project targets {framework}, but models need {Oldest} or newer. "
                + (
                    defaults.GetMetadata("TargetFrameworks").Contains(";")
                        ? $"Put Condition=\"'$(TargetFramework)' != '{framework}'\" on the PackageReference of ModelBuild, so that only the other "
                            + "target frameworks have models."
                        : $"Set TargetFramework to {Oldest} or newer, or move the models to a project that targets it."
                )
        );
    }

    /// <summary>Returns a problem that names what is not available in a project in another language than C#; null for C#.</summary>
    public static ModelProblem? OfLanguage(string project, ITaskItem defaults) =>
        defaults.GetMetadata("Language") is { Length: > 0 } language and not "C#"
            ? new ModelProblem(
                Codes.OtherLanguage,
                project,
                $"The models are compressed and deployed, but only C# projects get classes, and this project is in {language}. "
                    + "To get classes, move the models to a C# class library with ModelBuildAccess=public, and reference it.",
                ProblemLevel.Warning
            )
            : null;
}
