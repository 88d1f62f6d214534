using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModelBuild.Architecture.Tests;

/// <summary>Finds what the types of an assembly refer to in signatures, bodies and attributes. A nested type counts as its outermost type.</summary>
internal static class TypeUses
{
    /// <summary>Every pair of two different types of the module of which the first refers to the second.</summary>
    public static IReadOnlyList<(TypeReference From, TypeReference To)> Inside(ModuleDefinition module)
    {
        var pairs = new List<(TypeReference From, TypeReference To)>();
        foreach (var type in module.Types)
        foreach (var used in Types(type).Where(used => used.Scope == module && used.FullName != type.FullName).DistinctBy(used => used.FullName))
            pairs.Add((type, used));
        return pairs;
    }

    /// <summary>Every method of any assembly that the bodies of a type and of its nested types call.</summary>
    public static IEnumerable<MethodReference> Calls(TypeDefinition type) =>
        type
            .Methods.Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Select(instruction => instruction.Operand)
            .OfType<MethodReference>()
            .Concat(type.NestedTypes.SelectMany(Calls));

    /// <summary>Every type that the bodies of a type and of its nested types cast to or test for.</summary>
    public static IEnumerable<TypeReference> Casts(TypeDefinition type) =>
        type
            .Methods.Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Where(instruction => instruction.OpCode.Code is Code.Isinst or Code.Castclass)
            .Select(instruction => instruction.Operand)
            .OfType<TypeReference>()
            .Concat(type.NestedTypes.SelectMany(Casts));

    /// <summary>Every type of any assembly that a type and its nested types refer to.</summary>
    public static IEnumerable<TypeReference> Types(TypeDefinition type) =>
        [
            .. Outermost(type.BaseType),
            .. type.Interfaces.SelectMany(one => Outermost(one.InterfaceType)),
            .. type.Fields.SelectMany(field => Outermost(field.FieldType)),
            .. type.CustomAttributes.SelectMany(attribute => Outermost(attribute.AttributeType)),
            .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).SelectMany(constraint => Outermost(constraint.ConstraintType)),
            .. type.Methods.SelectMany(Types),
            .. type.NestedTypes.SelectMany(Types),
        ];

    private static IEnumerable<TypeReference> Types(MethodDefinition method)
    {
        var signature = Signature(method);
        if (!method.HasBody)
            return signature;
        return
        [
            .. signature,
            .. method.Body.Variables.SelectMany(variable => Outermost(variable.VariableType)),
            .. method.Body.ExceptionHandlers.SelectMany(handler => Outermost(handler.CatchType)),
            .. method.Body.Instructions.SelectMany(instruction => Operand(instruction.Operand)),
        ];
    }

    private static IEnumerable<TypeReference> Operand(object? operand) =>
        operand switch
        {
            GenericInstanceMethod method => [.. Outermost(method.DeclaringType), .. Signature(method), .. method.GenericArguments.SelectMany(Outermost)],
            MethodReference method => [.. Outermost(method.DeclaringType), .. Signature(method)],
            FieldReference field => [.. Outermost(field.DeclaringType), .. Outermost(field.FieldType)],
            TypeReference type => Outermost(type),
            _ => [],
        };

    private static IEnumerable<TypeReference> Signature(MethodReference method) =>
        [.. Outermost(method.ReturnType), .. method.Parameters.SelectMany(parameter => Outermost(parameter.ParameterType))];

    // The outermost types that a type consists of: List<A[]> consists of List and A.
    private static IEnumerable<TypeReference> Outermost(TypeReference? type) =>
        type switch
        {
            null or GenericParameter => [],
            GenericInstanceType generic => [.. Outermost(generic.ElementType), .. generic.GenericArguments.SelectMany(Outermost)],
            TypeSpecification specification => Outermost(specification.ElementType),
            { DeclaringType: { } outer } => Outermost(outer),
            _ => [type],
        };
}
