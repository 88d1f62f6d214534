using Microsoft.CodeAnalysis;
using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Diagnostics;
using ModelBuild.Generator.Emit;
using ModelBuild.Generator.Projects;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator;

/// <summary>Generates a class for each model from the signature that the build wrote. The result of each transformation compares by value.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelBuildGenerator : IIncrementalGenerator
{
    private const string Mark = "build_metadata.AdditionalFiles.ModelBuildSignature";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Reads the signatures among the additional files.
        var files = context
            .AdditionalTextsProvider.Where(file => file.Path.EndsWith(SignatureReader.Extension, StringComparison.OrdinalIgnoreCase))
            .Collect()
            .SelectMany((all, _) => Distinct(all))
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select((pair, _) => (File: pair.Left, IsMarked: pair.Right.GetOptions(pair.Left).TryGetValue(Mark, out var mark) && IsTrue(mark)))
            .Select((marked, cancellation) => SignatureReader.Read(marked.File, marked.IsMarked, cancellation))
            .Where(file => file is not null)
            .Select((file, _) => file!)
            .WithTrackingName(TrackingNames.Signatures);

        // Reads the features that the compilation of the project supports, such as its references and its language version.
        var project = context
            .CompilationProvider.Combine(context.AnalyzerConfigOptionsProvider)
            .Select((pair, _) => ProjectReader.Read(pair.Left, pair.Right.GlobalOptions))
            .WithTrackingName(TrackingNames.Project);

        // Finds signatures whose class name another model already has.
        var duplicates = files.Collect().Select((all, _) => DuplicateFinder.Find(all)).WithTrackingName(TrackingNames.Duplicates);

        // Plans the members of each class.
        var classes = files
            .Where(file => file.Signature is not null)
            .Select((file, _) => ModelClassBuilder.Build(file.Path, file.Signature!))
            .WithTrackingName(TrackingNames.Classes);

        // Writes the code of each class.
        var sources = classes
            .Combine(project)
            .Combine(duplicates)
            .Where(input => IsGenerated(input.Left.Left, input.Left.Right, input.Right))
            .Select((input, _) => ClassEmitter.Emit(input.Left.Left, input.Left.Right))
            .WithTrackingName(TrackingNames.Sources);
        context.RegisterSourceOutput(sources, (output, source) => output.AddSource(source.HintName, source.Text));

        // Writes global usings of the namespaces of the classes.
        var usings = classes
            .Combine(project)
            .Combine(duplicates)
            .Where(input => input.Left.Right.HasImplicitUsings && IsGenerated(input.Left.Left, input.Left.Right, input.Right))
            .Select((input, _) => input.Left.Left.Signature.Namespace)
            .Collect()
            .Combine(project)
            .SelectMany((input, _) => UsingsEmitter.Emit(input.Left, input.Right.DefaultNamespace))
            .WithTrackingName(TrackingNames.Usings);
        context.RegisterSourceOutput(usings, (output, source) => output.AddSource(source.HintName, source.Text));

        // Reports problems of signatures and classes.
        var unreadable = files.Where(file => file.Signature is null).Select((file, _) => ModelDiagnostics.Unreadable(file));
        context.RegisterSourceOutput(unreadable, (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
        var diagnostics = classes
            .Combine(project)
            .Combine(duplicates)
            .SelectMany((input, _) => ModelDiagnostics.Of(input.Left.Left, input.Left.Right, input.Right))
            .WithTrackingName(TrackingNames.Diagnostics);
        context.RegisterSourceOutput(diagnostics, (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
    }

    /// <summary>Returns each file once, because two targets may add the same file.</summary>
    private static AdditionalText[] Distinct(IEnumerable<AdditionalText> files) =>
        files.GroupBy(file => file.Path, StringComparer.Ordinal).Select(group => group.First()).ToArray();

    private static bool IsTrue(string value) => value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static bool IsGenerated(ModelClass model, ProjectFacts project, EquatableArray<DuplicateClass> duplicates) =>
        project.MissingReference is null && project.HasNullable && !duplicates.Any(duplicate => duplicate.File == model.File);
}
