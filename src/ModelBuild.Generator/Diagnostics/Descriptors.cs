using Microsoft.CodeAnalysis;

namespace ModelBuild.Generator.Diagnostics;

/// <summary>
/// Lists the generator's diagnostics. Tests compare them with <see cref="DiagnosticRules"/>; AnalyzerReleases.*.md lists the release that added each.
/// </summary>
internal static class Descriptors
{
    private const string Category = "ModelBuild";

    public static readonly DiagnosticDescriptor UnreadableSignature = new(
        Codes.UnreadableSignature,
        "The signature file cannot be read",
        "The signature '{0}' cannot be read: {1}; rebuild the project, or update the older ModelBuild package",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.UnreadableSignature)
    );

    public static readonly DiagnosticDescriptor MissingReference = new(
        Codes.MissingReference,
        "A reference that the model class needs is missing",
        "The class '{0}' is not generated for the model '{1}', because the project does not reference {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.MissingReference)
    );

    public static readonly DiagnosticDescriptor DuplicateClass = new(
        Codes.DuplicateClass,
        "Two models have the same class name",
        "The models '{0}' and '{1}' would both get the class '{2}'; give one of them another ClassName",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.DuplicateClass)
    );

    public static readonly DiagnosticDescriptor NameMapped = new(
        Codes.NameMapped,
        "A tensor has another name in C#",
        "Tensor '{0}' of the model '{1}' is named '{2}' in C#",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.NameMapped)
    );

    public static readonly DiagnosticDescriptor UntypedTensor = new(
        Codes.UntypedTensor,
        "A tensor has no typed member",
        "{0} '{1}' of the model '{2}' has the type {3}, which has no typed member{4}; use the property Session to access it",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.UntypedTensor)
    );

    public static readonly DiagnosticDescriptor LanguageVersion = new(
        Codes.LanguageVersion,
        "The C# language version is too old",
        "The class '{0}' for the model '{1}' needs C# 8 or newer, and the project is compiled as C# {2}; set LangVersion",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.LanguageVersion)
    );

    public static readonly DiagnosticDescriptor ReservedName = new(
        Codes.ReservedName,
        "A name in Names is that of a member of every model class",
        "Names sets the name '{2}' for '{0}' of the model '{1}', but every model class has a member of this name; choose another name",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.ReservedName)
    );

    public static readonly DiagnosticDescriptor Description = new(
        Codes.Description,
        "A description does not fit the model",
        "{1} cannot be used for the model '{0}': {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticRules.HelpLink(Codes.Description)
    );
}
