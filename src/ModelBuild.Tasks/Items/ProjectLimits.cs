using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>What a project's target framework and language do not allow.</summary>
internal static class ProjectLimits
{
    private const string Oldest = "net8.0";
    private static readonly Version OldestVersion = new(8, 0);

    /// <summary>Why the project cannot have models; null when it can.</summary>
    public static ModelProblem? OfFramework(string project, ITaskItem defaults)
    {
        var identifier = defaults.GetMetadata("TargetFrameworkIdentifier");
        var version = defaults.GetMetadata("TargetFrameworkVersion");
        // A project that does not say what it targets is none of an SDK that this package knows.
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
            $"The project targets {framework}, and models need {Oldest} or newer. "
                + (
                    defaults.GetMetadata("TargetFrameworks").Contains(";")
                        ? "Put Condition=\"'$(TargetFramework)' != '{framework}'\" on the PackageReference of ModelBuild, so that only the other "
                            + "target frameworks have models."
                        : $"Set TargetFramework to {Oldest} or newer, or move the models to a project that targets it."
                )
        );
    }

    /// <summary>What a project in another language than C# goes without; null in C#.</summary>
    public static ModelProblem? OfLanguage(string project, ITaskItem defaults) =>
        defaults.GetMetadata("Language") is { Length: > 0 } language and not "C#"
            ? new ModelProblem(
                Codes.OtherLanguage,
                project,
                $"The models are compressed and deployed, but only C# projects get a class for each, and this one is {language}. "
                    + "For classes move the models to a C# class library with ModelBuildAccess=public, and reference that.",
                ProblemLevel.Warning
            )
            : null;
}
