using ModelBuild.Generator.Naming;
using ModelBuild.Generator.Shapes;
using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Types;

namespace ModelBuild.Generator.Classes;

/// <summary>Plans the members of a generated class: their names, and the dimensions that are arguments.</summary>
internal static class ModelClassBuilder
{
    public static ModelClass Build(string file, ModelSignature signature)
    {
        var inputNames = new NameScope(ReservedNames.Members, ReservedNames.MemberSuffix);
        var outputNames = new NameScope(ReservedNames.Members, ReservedNames.MemberSuffix);
        var parameters = new NameScope(
            signature.Inputs.Count > CallPlan.MaxParameters ? ReservedNames.ParametersBesideStruct : ReservedNames.Parameters,
            ReservedNames.ParameterSuffix
        );
        Keep(signature, inputNames, outputNames, parameters);

        var inputs = signature.Inputs.Select((tensor, index) => Input(tensor, index, inputNames, parameters)).ToArray();
        var variables = ShapePlan.Solve(signature.Inputs, states: []);
        var known = new HashSet<string>(variables.Select(variable => variable.Symbol).OfType<string>());
        var outputs = signature.Outputs.Select((tensor, index) => Output(tensor, index, outputNames, parameters, known)).ToArray();

        // Shapes and dimensions get their names after all tensors, so that the name of a tensor never depends on them.
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i].Tensor.Shape is null && inputs[i].Value is null)
                inputs[i] = WithShape(inputs[i], i, inputNames, parameters);
        var stream = Stream(signature, inputs, outputs, inputNames.Fork(), parameters.Fork());
        var dimensions = variables.Select(variable => Dimension(variable, signature.Inputs, inputNames, parameters)).ToEquatableArray();

        var image = ImageInput.Find(signature, inputs);
        return new ModelClass(
            file,
            signature,
            new CallPlan(inputs.ToEquatableArray(), dimensions),
            outputs.ToEquatableArray(),
            LabelOutput(signature.Labels.Count, outputs),
            stream,
            image,
            DescribedImages.Find(signature, inputs),
            BoxesOutput.Find(signature, outputs, image),
            ImageMap.Find(signature, outputs, image),
            AudioInput.Find(signature, inputs, outputs, stream),
            TextPlan.Find(signature, inputs, outputs),
            DecoderPlan.Find(signature, inputs, outputs)
        );
    }

    private static void Keep(ModelSignature signature, NameScope inputNames, NameScope outputNames, NameScope parameters)
    {
        var dimensions = signature.Inputs.SelectMany(input => input.Shape ?? default).Select(dimension => dimension.Member);
        var inputs = signature.Inputs.Select(input => input.Member).Concat(dimensions).OfType<string>().ToArray();
        var outputs = signature.Outputs.Select(output => output.Member).OfType<string>().ToArray();
        inputNames.Keep(inputs.Select(Identifier.ChosenPascal).OfType<string>());
        outputNames.Keep(outputs.Select(Identifier.ChosenPascal).OfType<string>());
        parameters.Keep(inputs.Concat(outputs).Select(Identifier.ChosenCamel).OfType<string>());
    }

    private static StreamPlan? Stream(ModelSignature signature, InputMember[] inputs, OutputMember[] outputs, NameScope properties, NameScope parameters)
    {
        var states = signature
            .States.Select(state => new StateMember(
                Array.FindIndex(outputs, output => output.Tensor.Name == state.Output),
                Array.FindIndex(inputs, input => input.Tensor.Name == state.Input)
            ))
            .ToEquatableArray();
        // The build has already checked the states. If a signature was changed by hand and is wrong, the class has no stream, because the code of the stream
        // would not compile.
        if (
            states.Count == 0
            || inputs.Any(input => !input.IsTyped)
            || states.Any(state => state.Output < 0 || state.Input < 0 || outputs[state.Output].Type is null || inputs[state.Input].Tensor.Shape is null)
        )
            return null;

        var kept = states.Select(state => state.Input).ToArray();
        var dimensions = ShapePlan
            .Solve(signature.Inputs, kept)
            .Select(variable => Dimension(variable, signature.Inputs, properties, parameters))
            .ToEquatableArray();
        return new StreamPlan(states, new CallPlan(inputs.Where(input => !kept.Contains(input.Index)).ToEquatableArray(), dimensions));
    }

    private static InputMember Input(TensorSignature tensor, int index, NameScope properties, NameScope parameters) =>
        new(
            index,
            tensor,
            ElementType.Of(tensor),
            NestedType.Of(tensor),
            properties.Take(Identifier.ChosenPascal(tensor.Member), Identifier.Pascal(tensor.Name, Numbered("Input", index))),
            Identifier.Escape(parameters.Take(Identifier.ChosenCamel(tensor.Member), Identifier.Camel(tensor.Name, Numbered("input", index)))),
            null,
            null
        );

    private static InputMember WithShape(InputMember input, int index, NameScope properties, NameScope parameters) =>
        input with
        {
            ShapeProperty = properties.Take(input.Property + "Shape"),
            ShapeParameter = Identifier.Escape(
                parameters.Take((Identifier.ChosenCamel(input.Tensor.Member) ?? Identifier.Camel(input.Tensor.Name, Numbered("input", index))) + "Shape")
            ),
        };

    private static OutputMember Output(TensorSignature tensor, int index, NameScope properties, NameScope parameters, HashSet<string> known) =>
        new(
            tensor,
            ElementType.Of(tensor),
            NestedType.Of(tensor),
            properties.Take(Identifier.ChosenPascal(tensor.Member), Identifier.Pascal(tensor.Name, Numbered("Output", index))),
            Identifier.Escape(parameters.Take(Identifier.ChosenCamel(tensor.Member), Identifier.Camel(tensor.Name, Numbered("output", index)))),
            tensor.Shape is { } shape && shape.All(dimension => dimension.IsFixed || (dimension.Symbol is { } symbol && known.Contains(symbol)))
        );

    private static DimensionMember Dimension(ShapeVariable variable, EquatableArray<TensorSignature> inputs, NameScope properties, NameScope parameters)
    {
        var tensor = inputs[variable.Input].Name;
        var axis = variable.Axis.ToString(CultureInfo.InvariantCulture);
        var display = variable.Symbol ?? $"dimension {axis} of '{tensor}'";
        if (variable.Source >= 0)
            return new DimensionMember(variable, display, null, null);

        var member = inputs[variable.Input].Shape!.Value[variable.Axis].Member;
        var name = variable.Symbol ?? tensor + "_dim" + axis;
        var whenEmpty = "Dim" + axis;
        return new DimensionMember(
            variable,
            display,
            properties.Take(Identifier.ChosenPascal(member), Identifier.Pascal(name, whenEmpty)),
            Identifier.Escape(parameters.Take(Identifier.ChosenCamel(member), Identifier.Camel(name, Identifier.Camel(whenEmpty, "")))),
            member
        );
    }

    /// <summary>Returns the index of the first output with a score for each label.</summary>
    private static int? LabelOutput(int labels, OutputMember[] outputs)
    {
        if (labels == 0)
            return null;
        for (var i = 0; i < outputs.Length; i++)
            if (outputs[i].Type is { Orders: true } && outputs[i].Tensor.Shape is { Count: > 0 } && (Classes(outputs[i]).Size ?? labels) == labels)
                return i;
        return null;
    }

    private static DimensionSignature Classes(OutputMember output) =>
        output.HasPooledScores ? output.Tensor.Shape!.Value[1] : output.Tensor.Shape!.Value[output.Tensor.Shape.Value.Count - 1];

    private static string Numbered(string name, int index) => name + index.ToString(CultureInfo.InvariantCulture);
}
