using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Naming;
using ModelBuild.Generator.Projects;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Diagnostics;

/// <summary>Creates the diagnostics of a signature, which report why there is no class or how the class differs from the model.</summary>
internal static class ModelDiagnostics
{
    /// <summary>Returns the diagnostic of a signature that cannot be read.</summary>
    public static DiagnosticInfo Unreadable(SignatureFile file) =>
        DiagnosticInfo.Create(Descriptors.UnreadableSignature, file.Path, Path.GetFileName(file.Path), file.Error ?? "");

    /// <summary>Returns the diagnostics of the class of a signature.</summary>
    public static IEnumerable<DiagnosticInfo> Of(ModelClass model, ProjectFacts project, EquatableArray<DuplicateClass> duplicates)
    {
        var signature = model.Signature;
        // Diagnostics name the model, because the signature is an intermediate file of the build.
        var place = project.Folder.Length == 0 ? model.File : Path.Combine(project.Folder, signature.Model);
        if (project.MissingReference is { } missing)
            return [DiagnosticInfo.Create(Descriptors.MissingReference, place, signature.FullName, signature.Model, missing)];
        if (!project.HasNullable)
            return [DiagnosticInfo.Create(Descriptors.LanguageVersion, place, signature.FullName, signature.Model, project.LanguageVersion)];
        if (duplicates.FirstOrDefault(duplicate => duplicate.File == model.File) is { } duplicate)
            return [DiagnosticInfo.Create(Descriptors.DuplicateClass, place, duplicate.FirstModel, signature.Model, signature.FullName)];

        return Names(model, place).Concat(Reserved(model, place)).Concat(Untyped(model, place)).Concat(Described(model, project, place));
    }

    // Returns why the tokenizer that the item names is not used; null if there is no problem. A tokenizer that the build found beside the model may stay
    // unused.
    private static string? UselessTokenizer(ModelClass model, ProjectFacts project) =>
        model.Signature.Described(ItemMetadata.Tokenizer) is not { Source.Length: 0 } ? null
        : !project.HasText ? "the project does not reference the package ModelBuild.Text, whose methods use it."
        : !model.TakesTexts
            ? "the class takes texts for the inputs 'input_ids', 'attention_mask' and 'token_type_ids' [rows, tokens] of int64 or int32, and the model has "
                + string.Join(", ", model.Inputs.Select(input => $"'{input.Tensor.Name}' {input.Tensor.Display}"))
                + "."
        : null;

    private static string? BrokenTokenizer(ModelClass model, ProjectFacts project) =>
        project.HasText && model.Tokenizer?.Fault is { } fault ? $"{fault} Tokenizer=\"none\" on the item leaves the tokenizer out." : null;

    private static IEnumerable<DiagnosticInfo> Described(ModelClass model, ProjectFacts project, string place)
    {
        if ((model.Image?.Problem ?? model.Images?.Problem) is { } image)
            yield return DiagnosticInfo.Create(Descriptors.Description, place, model.Signature.Model, Text(model, ItemMetadata.Image), image);
        if (model.Audio is { Problem: { } audio })
            yield return DiagnosticInfo.Create(Descriptors.Description, place, model.Signature.Model, Text(model, ItemMetadata.Audio), audio);
        if (model.Boxes is { Problem: { } boxes })
            yield return DiagnosticInfo.Create(Descriptors.Description, place, model.Signature.Model, Text(model, ItemMetadata.Boxes), boxes);
        if (model.Map is { Problem: { } map })
            yield return DiagnosticInfo.Create(Descriptors.Description, place, model.Signature.Model, Text(model, ItemMetadata.Map), map);
        if ((UselessTokenizer(model, project) ?? BrokenTokenizer(model, project)) is { } tokenizer)
            yield return DiagnosticInfo.Create(Descriptors.Description, place, model.Signature.Model, Text(model, ItemMetadata.Tokenizer), tokenizer);
    }

    private static string Text(ModelClass model, ItemField field) => model.Signature.Described(field)!.ToString();

    private static IEnumerable<DiagnosticInfo> Reserved(ModelClass model, string place) =>
        model
            .Inputs.Select(input => input.Tensor)
            .Concat(model.Outputs.Select(output => output.Tensor))
            .Select(tensor => (tensor.Name, Chosen: Identifier.ChosenPascal(tensor.Member)))
            .Concat(model.Call.Dimensions.Select(dimension => (Name: dimension.Display, Chosen: Identifier.ChosenPascal(dimension.Chosen))))
            .Where(name => ReservedNames.Members.Contains(name.Chosen))
            .Select(name => DiagnosticInfo.Create(Descriptors.ReservedName, place, name.Name, model.Signature.Model, name.Chosen!));

    private static IEnumerable<DiagnosticInfo> Names(ModelClass model, string place) =>
        model
            .Inputs.Select(input => (input.Tensor, input.Property))
            .Concat(model.Outputs.Select(output => (output.Tensor, output.Property)))
            .Where(name => name.Tensor.Member is null)
            .Select(name => (name.Tensor.Name, name.Property))
            .Where(name => !Identifier.IsObvious(name.Name, name.Property))
            .Select(name => DiagnosticInfo.Create(Descriptors.NameMapped, place, name.Name, model.Signature.Model, name.Property));

    /// <summary>Returns one warning for a model: it names the first tensor without a C# type and the number of the others.</summary>
    private static IEnumerable<DiagnosticInfo> Untyped(ModelClass model, string place)
    {
        var untyped = model
            .Inputs.Where(input => !input.IsTyped)
            .Select(input => (What: "Input", input.Tensor))
            .Concat(model.Outputs.Where(output => !output.IsTyped).Select(output => (What: "Output", output.Tensor)))
            .ToArray();
        if (untyped.Length == 0)
            yield break;

        var effect =
            (model.HasRun ? "" : ", so that the class has no Run")
            + (untyped.Length == 1 ? "" : $" (and there are {(untyped.Length - 1).ToString(CultureInfo.InvariantCulture)} more such tensors)");
        var (what, first) = untyped[0];
        yield return DiagnosticInfo.Create(Descriptors.UntypedTensor, place, what, first.Name, model.Signature.Model, first.Display, effect);
    }
}
