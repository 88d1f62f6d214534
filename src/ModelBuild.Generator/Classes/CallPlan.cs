using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the arguments of a call of a model. A plain call has all inputs; a call of a stream has the inputs that are not states.</summary>
/// <param name="Dimensions">The variable dimensions of all inputs, in the order in which their sizes become known.</param>
internal sealed record CallPlan(EquatableArray<InputMember> Inputs, EquatableArray<DimensionMember> Dimensions)
{
    /// <summary>The largest number of parameters of a generated method. A call with more inputs has a struct with all of them.</summary>
    public const int MaxParameters = 8;

    public bool UsesStruct => Inputs.Count > MaxParameters;

    /// <summary>Gets the dimensions whose sizes each call has as arguments.</summary>
    public IEnumerable<DimensionMember> SizeArguments =>
        Dimensions
            .Where(dimension => dimension.Variable.IsArgument)
            .OrderBy(dimension => dimension.Variable.Input)
            .ThenBy(dimension => dimension.Variable.Axis);

    /// <summary>Gets the dimensions whose sizes are arguments when a stream is opened.</summary>
    public IEnumerable<DimensionMember> Opened => Dimensions.Where(dimension => dimension.Variable.IsOpened);
}
