using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the images that a model with several inputs takes, and its other inputs.</summary>
/// <param name="Images">The described inputs with their descriptions.</param>
/// <param name="Others">The inputs that are not images.</param>
/// <param name="Problem">Why the description cannot be used; null if it can.</param>
internal sealed record DescribedImages(EquatableArray<(InputMember Input, ImageInput Image)> Images, EquatableArray<InputMember> Others, string? Problem)
{
    /// <summary>Finds the images that a model takes; null if the signature describes none, or if the model has one input.</summary>
    public static DescribedImages? Find(ModelSignature signature, InputMember[] inputs)
    {
        if (inputs.Length < 2 || signature.Described(ItemMetadata.Image) is not { } described)
            return null;
        try
        {
            var named = NamedDescriptions.Divide(described.Text, [.. inputs.Select(input => input.Tensor.Name)]);
            if (named.Count == 0 && Only(inputs) is not { } only)
                return Wrong(
                    "the model has several inputs. Write the description of each image as 'input: description', separated by semicolons; the inputs are "
                        + string.Join(", ", inputs.Select(input => $"'{input.Tensor.Name}' {input.Tensor.Display}"))
                        + "."
                );
            var images = inputs
                .Select(input => (input, Text: Text(named, input) ?? (named.Count == 0 && input == Only(inputs) ? described.Text : null)))
                .Where(pair => pair.Text is not null)
                .Select(pair => (pair.input, Image: ImageInput.Of(pair.input, pair.Text!, described.Source)))
                .ToArray();
            var others = inputs.Except(images.Select(pair => pair.input)).ToArray();
            var problem =
                images.Select(pair => pair.Image.Problem).FirstOrDefault(one => one is not null)
                ?? others
                    .Where(input => !IsPlain(input))
                    .Select(input => $"'{input.Tensor.Name}' {input.Tensor.Display} beside the images has more than one unknown size.")
                    .FirstOrDefault();
            return new DescribedImages(images.ToEquatableArray(), others.ToEquatableArray(), problem);
        }
        catch (DescriptionException mistake)
        {
            return Wrong(mistake.Message);
        }
    }

    /// <summary>Returns the only input that can be an image; null if there is none or more than one.</summary>
    private static InputMember? Only(InputMember[] inputs)
    {
        var able = inputs.Where(input => ImageInput.CanBe(input)).ToArray();
        return able.Length == 1 ? able[0] : null;
    }

    private static string? Text(IReadOnlyList<(string Name, string Text)> named, InputMember input) =>
        named.Where(one => one.Name == input.Tensor.Name).Select(one => one.Text).FirstOrDefault();

    // Returns whether the sizes of an input need no arguments. In a call with one image of each input the first dimension is 1, and one other dimension follows
    // from the number of elements.
    private static bool IsPlain(InputMember input) =>
        input.Type is not null && input.Tensor.Shape is { } shape && shape.Skip(1).Count(dimension => !dimension.IsFixed) <= 1;

    private static DescribedImages Wrong(string problem) => new(default, default, problem);
}
